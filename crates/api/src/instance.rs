//! What an instance makes once and keeps: its state, and the router around it.

use std::any::Any;
use std::cell::RefCell;
use std::ops::Deref as _;
use std::sync::Arc;

use axum::Router;
use axum::response::Response;

use crate::app::App;
use crate::edge::{self, NoteRoute};
use crate::error::ApiError;

/// The state of a component, and its router.
struct Instance<S> {
    state: Arc<S>,
    router: Router,
}

thread_local! {
    static INSTANCE: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
}

/// Serves one request of a component whose state `open` makes and whose routes `define_routes` lists.
///
/// Both are asked for once for each instance. While the settings are not right, every request is
/// answered with 503 and the code `misconfigured`.
pub async fn serve<S: AsRef<App> + Send + Sync + 'static>(
    request: spin_sdk::http::Request,
    open: impl AsyncFnOnce() -> Result<S, ApiError>,
    define_routes: impl FnOnce() -> Router<Arc<S>>,
) -> Response {
    if let Some((state, router)) = kept::<S>() {
        return edge::serve(request, router, &state.deref().as_ref().config).await;
    }
    match open().await {
        Ok(state) => {
            let state = Arc::new(state);
            let router = define_routes()
                .route_layer(NoteRoute)
                .with_state(state.clone());
            INSTANCE.set(Some(Box::new(Instance {
                state: state.clone(),
                router: router.clone(),
            })));
            edge::serve(request, router, &state.deref().as_ref().config).await
        }
        Err(error) => edge::refuse(request, error).await,
    }
}

fn kept<S: 'static>() -> Option<(Arc<S>, Router)> {
    INSTANCE.with_borrow(|kept| {
        let instance = kept.as_ref()?.downcast_ref::<Instance<S>>()?;
        Some((instance.state.clone(), instance.router.clone()))
    })
}
