//! The host's side of Spin's interfaces, generated from the definitions that spin-sdk brings.

include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
