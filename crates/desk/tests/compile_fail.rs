//! What the types make impossible in our code: each file of `compile_fail/` tries one way round the
//! door, or one careless declaration, and the compiler's answer is kept beside it. One test function,
//! because each would build its dependencies anew.

#[test]
fn no_way_round_the_door_compiles() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
