//! `/api/v1/users/push-tokens` and what is below.

use domain::PushTokenOrder;
use serde_json::json;

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::examples;
use crate::operation::Operation;
use crate::schema::{
    Field, any_of, boolean, count, field, list, object, optional, reference, uuid, words,
};
use crate::schemas::push_token::{self, device_text, platform, token_type, value};
use crate::tag::Tag;

const PATH: &str = "/api/v1/users/push-tokens";
const ONE: &str = "/api/v1/users/push-tokens/{id}";

/// Its operations.
pub(super) fn operations() -> [Operation; 7] {
    [
        show_all(),
        create(),
        deactivate_all(),
        get(),
        update("put", "replacePushToken"),
        update("patch", "updatePushToken"),
        delete(),
    ]
}

fn show_all() -> Operation {
    Operation::new("get", PATH, "listPushTokens", Tag::PushTokens, Caller::User)
        .says(
            "The caller's devices",
            "By page, the newest first unless `order` says otherwise.",
        )
        .paged()
        .query(
            "order",
            words(PushTokenOrder::ALL).default(PushTokenOrder::ALL[0]),
            "-last_used",
            "By which column, with a minus for the largest first.",
        )
        .fields(&push_token::fields())
        .answers(
            Answer::new(
                200,
                "A page of devices, or of those of their fields that were asked for.",
                "Push tokens retrieved successfully",
                any_of([
                    list(reference("PushToken")),
                    list(reference("SomeOfPushToken")),
                ]),
                json!([examples::push_token()]),
            )
            .list(),
        )
}

fn create() -> Operation {
    let answer = |status, description, message| {
        Answer::new(
            status,
            description,
            message,
            reference("PushToken"),
            examples::push_token(),
        )
    };
    let mut fields = vec![
        field(
            "token",
            value(),
            "What the push service calls the device, at most 2,048 bytes; or a Web Push subscription.",
        ),
        field("platform", platform(), "What kind of device it reaches."),
    ];
    fields.extend(other_fields());
    Operation::new("post", PATH, "registerPushToken", Tag::PushTokens, Caller::User)
        .says(
            "Register a device",
            "The same token again updates what is known of it and makes it active. A new token for a known `device_id` on the same \
             platform takes the old one's place. A token of another user moves over, since the device did.",
        )
        .idempotent()
        .takes(Body::new(fields, example()))
        .answers(answer(200, "It was known before.", "Push token updated successfully"))
        .answers(answer(201, "It is new.", "Push token registered successfully"))
}

fn deactivate_all() -> Operation {
    let data = object([field(
        "deactivated_count",
        count(),
        "How many were active before.",
    )]);
    Operation::new(
        "post",
        "/api/v1/users/push-tokens/deactivate_all",
        "deactivatePushTokens",
        Tag::PushTokens,
        Caller::User,
    )
    .says(
        "Silence all devices",
        "No messages go to them until they register again.",
    )
    .answers(Answer::new(
        200,
        "None is active.",
        "2 push tokens deactivated successfully",
        data,
        json!({"deactivated_count": 2}),
    ))
}

fn one(method: &'static str, id: &'static str) -> Operation {
    Operation::new(method, ONE, id, Tag::PushTokens, Caller::User).path_parameter(
        "id",
        uuid(),
        examples::PUSH_TOKEN_ID,
        "Which device.",
    )
}

fn get() -> Operation {
    one("get", "getPushToken")
        .says("One device", "")
        .fields(&push_token::fields())
        .answers(Answer::new(
            200,
            "The device, or those of its fields that were asked for.",
            "Push token retrieved successfully",
            any_of([reference("PushToken"), reference("SomeOfPushToken")]),
            examples::push_token(),
        ))
}

fn update(method: &'static str, id: &'static str) -> Operation {
    let text = "Another token of the same device.";
    let mut fields = vec![
        optional("token", value(), text),
        optional("platform", platform(), "What kind of device it reaches."),
    ];
    fields.extend(other_fields());
    one(method, id)
        .says(
            "Change a device",
            "Fields that are left out stay, for PUT as for PATCH.",
        )
        .takes(Body::new(
            fields,
            json!({"device_name": "Ada's phone", "is_active": true}),
        ))
        .answers(Answer::new(
            200,
            "The device as it is now.",
            "Push token updated successfully",
            reference("PushToken"),
            examples::push_token(),
        ))
}

fn delete() -> Operation {
    one("delete", "deletePushToken")
        .says("Forget a device", "")
        .answers(Answer::nothing("It is forgotten."))
}

fn other_fields() -> [Field; 4] {
    [
        optional(
            "token_type",
            token_type(),
            "Its push service: `fcm` unless told otherwise, `vapid` for a subscription.",
        ),
        optional(
            "device_id",
            device_text(),
            "What the client calls the device.",
        ),
        optional(
            "device_name",
            device_text(),
            "What the user calls the device.",
        ),
        optional("is_active", boolean(), "Whether messages go to it."),
    ]
}

fn example() -> serde_json::Value {
    json!({
        "token": "fcm-token-of-the-device",
        "platform": "android",
        "device_id": "pixel-8",
        "device_name": "Ada's phone",
    })
}
