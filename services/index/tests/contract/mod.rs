//! What every vector index promises to those who use it, whatever it is made of.
//!
//! The suite knows only [`Index`] and [`World`]. A new implementation writes these two, and
//! `contract_suite!` makes the tests.

pub mod expiry;
pub mod filters;
pub mod limits;
pub mod order;
pub mod together;

use wayside_index::Index;

/// A place in which an index keeps what it was given while nobody has it open.
pub trait World {
    type Index: Index;
    /// An empty one; none, with the reason, if there is nothing to make it of.
    fn new() -> Result<Self, String>
    where
        Self: Sized;
    /// Opens the index; all handles of an earlier opening are gone.
    fn open(&self) -> Self::Index;
    /// The same for another number of points.
    fn open_small(&self, points_max: u64) -> Self::Index;
}

macro_rules! tests {
    ($world:ty, $($module:ident: $($name:ident),+;)+) => {
        $(mod $module { $(
            #[test]
            fn $name() {
                match <$world as crate::contract::World>::new() {
                    Ok(world) => crate::contract::$module::$name(&world),
                    Err(why) => println!("skipped: {why}"),
                }
            }
        )+ })+
    };
}
pub(crate) use tests;

/// The whole suite over one world.
macro_rules! contract_suite {
    ($world:ty) => {
        crate::contract::tests! { $world,
            filters: a_section_is_alone, an_end_is_alone, a_window_is_half_open,
                classes_are_chosen, every_filter_at_once_agrees_with_a_plain_search;
            order: the_most_similar_comes_first, equal_ones_come_by_id, a_tie_across_the_limit,
                similarities_are_rounded, many_queries_are_answered_in_their_order,
                a_hit_tells_what_was_stored;
            expiry: what_has_expired_is_gone_and_counted, one_section_is_left_alone,
                what_is_due_is_told_first, deleting_nothing_counts_nothing,
                deleted_points_stay_away, expiry_is_exclusive_to_the_microsecond;
            limits: an_upsert_twice_is_one_point, an_upsert_replaces, the_last_of_a_batch_counts,
                a_full_index_refuses_and_replaces, a_bad_point_leaves_its_batch_out,
                an_empty_batch_is_nothing, counts_are_exact;
            together: readers_and_a_writer, what_was_maintained_survives_reopening,
                turnover_leaves_only_the_living;
        }
    };
}
pub(crate) use contract_suite;
