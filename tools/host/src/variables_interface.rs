//! `spin:variables`: a component asks for one of its variables.

use std::sync::Arc;

use wasmtime::component::Accessor;

use crate::bindings::spin::variables::variables::{Error, Host, HostWithStore};
use crate::state::{HasInstanceState, InstanceState};
use crate::variables::VariableError;

impl Host for InstanceState {}

impl<T: Send> HostWithStore<T> for HasInstanceState {
    async fn get(accessor: &Accessor<T, Self>, name: String) -> Result<String, Error> {
        let component = accessor.with(|mut store| Arc::clone(&store.get().component));
        component.variables.get(&name).map_err(|error| match error {
            VariableError::InvalidName(reason) => Error::InvalidName(reason),
            VariableError::Undefined(reason) => Error::Undefined(reason),
        })
    }
}
