//! The whole house from outside: the programs are run as processes, as people run them, and every
//! test asks what the message says, what to do, and that nothing was lost. Where no command can show
//! something, such as a clock that goes back, the test goes through the door of the desk.
//!
//! By concern: [`bom`] is what the program is made of; [`thread`] is the main job from the empty folder to the overseer; [`permission`] says
//! who may not, and [`restricted`] what labels hide; [`tamper`] alters a deployment behind the log; `faults_*` are bad input and broken
//! parts; [`kill`] ends processes in the middle; [`accounts`], [`escrow`] and [`erasures`] are what an operator does to people,
//! keys and plans; [`served`] is what a server tells, [`units`] how systemd runs it, [`upgraded`] the way from one
//! release to the next and back; [`names`] writes names that people have; [`local_fields`] is what a force asks
//! besides; and
//! [`real_data`] reads what two forces published.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod accounts;
mod attachments;
mod bom;
mod erasures;
mod escrow;
mod faults_clock;
mod faults_disk;
mod faults_files;
mod faults_index;
mod faults_keys;
mod faults_places;
mod faults_restore;
mod faults_servers;
mod kill;
mod lists;
mod local_fields;
mod names;
mod permission;
mod real_data;
mod restricted;
mod saved;
mod served;
mod support;
mod synth;
mod tamper;
mod thread;
mod typed;
mod units;
mod upgraded;
