//! Versions, records, settings, items, and what the plain columns say.

use super::house::draft;
use super::{Backend, Fault, House};
use crate::store::RecordStore;
use model::kinds::stop_and_search as stop;

/// What is written comes back: plain columns, body, reference and order.
///
/// # Errors
/// Whatever fails.
pub async fn versions_keep_their_columns_and_bodies(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let first = draft(None, house.reference().await?, "seen at 02:10");
    let version = first.version;
    let _ = house.write(vec![first]).await?;
    let row = house.store.versions(&[version.version]).await?.pop().ok_or("the version is missing")?;
    assert_eq!((row.version, row.reference, row.ordinal), (version, 1, 1));
    assert_eq!(row.happened, Some(super::AT - 3_600_000_000));
    let plain = house.read(version).await?;
    assert_eq!(plain.get(stop::GROUNDS).as_deref(), Some("seen at 02:10"));
    drop(house);
    let again = House::open(&backend).await?;
    assert_eq!(again.read(version).await?.get(stop::GROUNDS).as_deref(), Some("seen at 02:10"));
    assert!(again.store.check().await?.is_empty());
    Ok(())
}
