//! Statements on one connection, and how their errors reach the component.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use deadpool_postgres::Object;
use futures::{FutureExt as _, StreamExt as _};
use tokio::sync::{mpsc, oneshot};
use tokio_postgres::error::DbError as ServerError;
use tokio_postgres::types::ToSql;
use wasmtime::StoreContextMut;
use wasmtime::component::{Destination, StreamProducer, StreamResult};

use super::parameters::{Parameter, convert_parameters};
use super::rows::{convert_columns, convert_row};
use crate::bindings::spin::postgres::postgres::{
    Column, DbError, Error, ParameterValue, QueryError, Row, RowSet,
};

/// How many rows wait for the component before the server has to.
const ROWS_AHEAD: usize = 4;

/// How a query ended.
type Outcome = Result<(), Error>;

/// A pooled connection. Statements on one connection are pipelined.
#[derive(Clone)]
pub(super) struct Client(Arc<Object>);

/// The rows of a query, while they arrive.
pub(super) struct RowStream {
    /// Taken from the first row: empty if there is none.
    pub(super) columns: Vec<Column>,
    pub(super) rows: RowProducer,
    /// Whether all rows arrived. It is there when the rows have ended.
    pub(super) outcome: Pin<Box<dyn Future<Output = wasmtime::Result<Outcome>> + Send>>,
}

impl Client {
    pub(super) fn new(connection: Object) -> Self {
        Self(Arc::new(connection))
    }

    /// Runs a statement and gives the number of rows that it touched.
    pub(super) async fn execute(
        &self,
        statement: &str,
        parameters: Vec<ParameterValue>,
    ) -> Result<u64, Error> {
        let parameters = convert_parameters(parameters)
            .map_err(|error| Error::ValueConversionFailed(format!("{error:#}")))?;
        let references: Vec<&(dyn ToSql + Sync)> = parameters
            .iter()
            .map(|parameter| &**parameter as &(dyn ToSql + Sync))
            .collect();
        self.0
            .execute(statement, &references)
            .await
            .map_err(query_failed)
    }

    /// Runs a query and gives all its rows.
    pub(super) async fn query(
        &self,
        statement: &str,
        parameters: Vec<ParameterValue>,
    ) -> Result<RowSet, Error> {
        let mut arriving = self.query_raw(statement, parameters).await?;
        let mut columns = Vec::new();
        let mut rows = Vec::new();
        while let Some(row) = arriving.next().await {
            let row = row.map_err(query_failed)?;
            if rows.is_empty() {
                columns = convert_columns(&row);
            }
            rows.push(convert_row(&row).map_err(|error| text_error(format!("{error:#}")))?);
        }
        Ok(RowSet { columns, rows })
    }

    /// Runs a query whose rows the component takes as they arrive.
    pub(super) async fn stream(
        &self,
        statement: &str,
        parameters: Vec<ParameterValue>,
    ) -> Result<RowStream, Error> {
        // Asked once more after its end, the driver would report an error.
        let mut arriving = self.query_raw(statement, parameters).await?.fuse();
        let first = arriving.next().await;
        let columns = match &first {
            Some(Ok(row)) => convert_columns(row),
            _ => Vec::new(),
        };
        let (rows_sender, rows) = mpsc::channel(ROWS_AHEAD);
        let (outcome_sender, outcome) = oneshot::channel();
        tokio::spawn(async move {
            let rows = futures::stream::iter(first).chain(arriving);
            let outcome = forward(rows, &rows_sender).await;
            // The outcome is known before the rows end. The component may not want it.
            let _ = outcome_sender.send(outcome);
        });
        let outcome = outcome.map(|outcome| {
            let gone = |_| Err(text_error("the query was given up".to_owned()));
            wasmtime::error::Ok(outcome.unwrap_or_else(gone))
        });
        Ok(RowStream {
            columns,
            rows: RowProducer(rows),
            outcome: outcome.boxed(),
        })
    }

    async fn query_raw(
        &self,
        statement: &str,
        parameters: Vec<ParameterValue>,
    ) -> Result<Pin<Box<tokio_postgres::RowStream>>, Error> {
        let parameters: Vec<Parameter> = convert_parameters(parameters)
            .map_err(|error| Error::BadParameter(format!("{error:#}")))?;
        self.0
            .query_raw(statement, parameters)
            .await
            .map(Box::pin)
            .map_err(query_failed)
    }
}

/// Hands rows on until they end, one can't be converted, or the component drops the stream.
async fn forward(
    rows: impl futures::Stream<Item = Result<tokio_postgres::Row, tokio_postgres::Error>>,
    receiver: &mpsc::Sender<Row>,
) -> Outcome {
    let mut rows = std::pin::pin!(rows);
    loop {
        let row = tokio::select! {
            biased;
            () = receiver.closed() => return Ok(()),
            row = rows.next() => row,
        };
        let Some(row) = row else { return Ok(()) };
        let row = convert_row(&row.map_err(query_failed)?)
            .map_err(|error| text_error(format!("{error:#}")))?;
        if receiver.send(row).await.is_err() {
            return Ok(());
        }
    }
}

/// Gives the component one row at a time.
pub(super) struct RowProducer(mpsc::Receiver<Row>);

impl<D> StreamProducer<D> for RowProducer {
    type Item = Row;
    type Buffer = Option<Row>;

    fn poll_produce<'a>(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        store: StoreContextMut<'a, D>,
        mut destination: Destination<'a, Row, Option<Row>>,
        finish: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        if destination.remaining(store) == Some(0) {
            return Poll::Ready(Ok(StreamResult::Completed));
        }
        Poll::Ready(Ok(match self.0.poll_recv(context) {
            Poll::Ready(Some(row)) => {
                destination.set_buffer(Some(row));
                StreamResult::Completed
            }
            Poll::Ready(None) => StreamResult::Dropped,
            Poll::Pending if finish => StreamResult::Cancelled,
            Poll::Pending => return Poll::Pending,
        }))
    }
}

/// What the server, or the connection, says of a failed statement, with Spin's wording.
#[expect(clippy::needless_pass_by_value, reason = "it is what map_err calls")]
fn query_failed(error: tokio_postgres::Error) -> Error {
    let text = format!("{error:?}");
    let Some(server_error) = error.as_db_error() else {
        return text_error(text);
    };
    Error::QueryFailed(QueryError::DbError(DbError {
        as_text: text,
        severity: server_error.severity().to_owned(),
        code: server_error.code().code().to_owned(),
        message: server_error.message().to_owned(),
        detail: server_error.detail().map(str::to_owned),
        extras: extras(server_error),
    }))
}

fn text_error(text: String) -> Error {
    Error::QueryFailed(QueryError::Text(text))
}

/// What else the server says, under the names that Spin gives it.
fn extras(error: &ServerError) -> Vec<(String, String)> {
    let line = error.line().map(|line| line.to_string());
    [
        ("column", error.column()),
        ("constraint", error.constraint()),
        ("routine", error.routine()),
        ("hint", error.hint()),
        ("table", error.table()),
        ("datatype", error.datatype()),
        ("schema", error.schema()),
        ("file", error.file()),
        ("line", line.as_deref()),
        ("where_", error.where_()),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
    .collect()
}
