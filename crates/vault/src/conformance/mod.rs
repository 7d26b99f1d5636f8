//! What every backend must do: one suite, run by each backend's tests.
//!
//! A backend implements [`Backend`] and calls [`conformance_suite!`](crate::conformance_suite)
//! in a file of `tests/`. Each test is an async function over a fresh backend; it gives a fault
//! or fails an assertion.

pub mod erasure;
mod house;
pub mod keystore;
pub mod log;
mod oracle;
pub mod records;
pub mod restore;
pub mod sign_in;

pub use house::{AT, House, Reading, draft, link_draft};

use crate::keys::KeyStore;
use crate::provider::FileProvider;
use crate::store::RecordStore;
use async_trait::async_trait;
use std::sync::Arc;

/// Any fault of a test.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// A place where one deployment of a backend lives, empty at first.
#[async_trait]
pub trait Backend: Send + Sync + 'static {
    /// Its store.
    type Store: RecordStore;
    /// Opens store and keystore as a start of the program does; makes them the first time.
    async fn open(&self) -> Result<(Arc<Self::Store>, Arc<dyn KeyStore>), Fault>;
    /// The provider of the keystore.
    fn provider(&self) -> FileProvider;
    /// A folder for copies and other files of a test.
    fn folder(&self) -> &std::path::Path;
    /// Puts a copy of the keystore in its place, as somebody who restores it does.
    ///
    /// # Errors
    /// Where it cannot be put there.
    async fn put_keystore(&self, copy: &std::path::Path) -> Result<(), Fault>;
    /// Keeps a copy of the records' database, which nobody has open.
    ///
    /// # Errors
    /// Where it cannot be made, or this backend has no means for it.
    async fn keep_records(&self) -> Result<(), Fault> {
        Err("this backend keeps no copies".into())
    }
    /// Puts the copy that was kept in the place of the records' database, which nobody has open.
    ///
    /// # Errors
    /// Where it cannot be put there, or this backend has no means for it.
    async fn put_records(&self) -> Result<(), Fault> {
        Err("this backend keeps no copies".into())
    }
}

/// Makes one test for each function of the suite; `$make` is an expression that makes a fresh
/// backend. `some $make` makes one where that is possible: a test is passed over without it.
#[macro_export]
macro_rules! conformance_suite {
    (some $make:expr) => {
        $crate::conformance_suite! { @all $make; }
    };
    ($make:expr) => {
        $crate::conformance_suite! { @all Some($make); }
    };
    (@all $make:expr;) => {
        $crate::conformance_suite! { @tests $make;
            records {
                versions_keep_their_columns_and_bodies
                many_versions_come_in_the_order_asked
                the_second_of_two_editors_is_told
                a_dropped_transaction_leaves_nothing
                a_receipt_for_one_never_opens_another
                an_erased_field_keeps_its_commitment
                a_record_goes_whole_and_alone
                settings_and_items_are_kept_by_name
                seen_rows_are_kept_by_content
                an_id_of_a_source_leads_to_its_record_until_that_is_erased
                references_are_unique_and_rise
                orphans_are_swept_and_nothing_else
            }
            sign_in {
                passwords_are_kept_by_account
                sessions_are_kept_until_they_end
            }
            log {
                proofs_verify_by_another_hand
                a_position_leads_to_what_was_entered
                what_one_caller_enters_stays_together
                many_callers_each_get_their_own_leaf
                the_feed_is_whole_and_in_order
                touches_answer_by_record_and_by_officer
                only_the_newest_sequencer_writes
                a_clock_set_back_is_refused
                nothing_acknowledged_is_lost
            }
            erasure {
                payloads_are_destroyed_and_the_tree_stays
                a_resealing_cut_in_two_is_cleared_up
                a_restored_log_begins_a_new_generation
                a_log_that_went_on_after_a_restore_says_how_far_it_is_known
                a_key_stays_while_a_transaction_holds_it
                a_missing_key_of_the_log_is_named
            }
            restore {
                a_generation_that_was_cut_off_is_finished_by_the_next_attempt
                no_place_of_a_later_bundle_seals_two_texts_under_one_nonce
                a_copy_with_something_pending_enters_and_signs_nothing_by_itself
            }
            keystore {
                names_lead_to_keys
                many_callers_get_keys_of_their_own
                a_shredded_key_is_gone_and_the_rest_opens
                keys_open_while_others_are_shredded
                a_turn_replaces_the_epoch_key_everywhere
                a_turn_cut_in_two_recovers
                an_older_copy_is_refused
            }
        }
    };
    (@tests $make:expr; $($area:ident { $($name:ident)* })*) => {
        $(mod $area {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() -> Result<(), $crate::conformance::Fault> {
                let Some(backend) = $make else { return Ok(()) };
                $crate::conformance::$area::$name(backend).await
            })*
        })*
    };
}
