//! The page that a person sees who opens an unsubscribe link.

use super::target::UnsubscribeTarget;

/// Whether the messages of a target still go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subscription {
    /// They do: the page has the button that ends it.
    On,
    /// They don't, by this link or otherwise.
    Off,
}

/// An HTML document without scripts and styles, which a CSP that denies all leaves whole. It holds
/// fixed words only: nothing of the user, since links get forwarded, and nothing that came from
/// outside.
///
/// Its form posts `List-Unsubscribe=One-Click` to the address that the page came from.
pub fn confirmation_page(target: UnsubscribeTarget, subscription: Subscription) -> String {
    let (category, messages) = (target.category().as_str(), target.channel().noun());
    match subscription {
        Subscription::On => document(
            &format!("Stop {category} {messages}?"),
            &format!(
                "<p>You will get no more {category} {messages} from us.</p>\n\
                 <form method=\"post\">\n\
                 <input type=\"hidden\" name=\"List-Unsubscribe\" value=\"One-Click\">\n\
                 <button type=\"submit\">Stop them</button>\n\
                 </form>"
            ),
        ),
        Subscription::Off => document(
            &format!("No more {category} {messages}"),
            &format!(
                "<p>You get no {category} {messages} from us. \
                 In your notification settings you can switch them on again.</p>"
            ),
        ),
    }
}

fn document(title: &str, content: &str) -> String {
    format!(
        "<!doctype html>\n\
         <html lang=\"en\">\n\
         <head>\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"robots\" content=\"noindex\">\n\
         <title>{title}</title>\n\
         </head>\n\
         <body>\n\
         <h1>{title}</h1>\n\
         {content}\n\
         </body>\n\
         </html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::{Category, Channel};
    use crate::ids::UserId;
    use crate::unsubscribe::is_one_click;

    fn page(channel: Channel, category: Category, subscription: Subscription) -> String {
        let user = UserId::parse("a8b99449-0370-4235-a274-fe2dff1c0862").unwrap();
        let target = UnsubscribeTarget::new(user, channel, category).unwrap();
        confirmation_page(target, subscription)
    }

    #[test]
    fn the_page_asks_with_one_button() {
        let expected = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>Stop marketing e-mails?</title>
</head>
<body>
<h1>Stop marketing e-mails?</h1>
<p>You will get no more marketing e-mails from us.</p>
<form method="post">
<input type="hidden" name="List-Unsubscribe" value="One-Click">
<button type="submit">Stop them</button>
</form>
</body>
</html>
"#;
        assert_eq!(
            page(Channel::Email, Category::Marketing, Subscription::On),
            expected
        );
        assert!(is_one_click(
            "application/x-www-form-urlencoded",
            b"List-Unsubscribe=One-Click"
        ));
    }

    #[test]
    fn afterwards_it_says_so_and_has_no_button() {
        let page = page(Channel::Push, Category::System, Subscription::Off);
        assert!(
            page.contains("<h1>No more system push messages</h1>"),
            "{page}"
        );
        assert!(!page.contains("<form"), "{page}");
    }

    #[test]
    fn no_page_has_scripts_styles_or_the_users_id() {
        for channel in Channel::ALL {
            for category in [
                Category::Marketing,
                Category::Transactional,
                Category::System,
            ] {
                for subscription in [Subscription::On, Subscription::Off] {
                    let page = page(channel, category, subscription);
                    for word in ["<script", "style", "href", "src", "a8b99449"] {
                        assert!(!page.contains(word), "{word} in {page}");
                    }
                }
            }
        }
    }
}
