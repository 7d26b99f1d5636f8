//! The document of the API is frozen: what others build on does not change unseen.

use std::path::Path;

/// Set to 1 to write the document anew; then read the difference before committing it.
const REGENERATE: &str = "BLUELAMP_REGENERATE";

#[test]
fn the_document_is_the_committed_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let now = serde_json::to_string_pretty(&web::api::document()).unwrap() + "\n";
    if std::env::var(REGENERATE).is_ok_and(|value| value == "1") {
        std::fs::write(&path, now).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&path).expect("docs/openapi.json is committed");
    let differs = committed.lines().zip(now.lines()).position(|(old, new)| old != new);
    assert!(
        committed == now,
        "docs/openapi.json is not what the code gives (first difference in line {}). Where the change is meant, run the \
         tests of bluelamp-web with {REGENERATE}=1 and read the difference.",
        differs.map_or(0, |at| at + 1)
    );
}

/// Every operation has a name of its own, says what it is for, and which problems it answers with.
#[test]
fn every_operation_is_described() {
    let document = web::api::document();
    let mut names = std::collections::BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} twice");
            assert!(operation["summary"].is_string(), "{method} {path}");
            assert!(operation["security"][0]["token"].is_array(), "{method} {path} asks for no token");
            for status in ["400", "401", "403", "429", "500", "503"] {
                assert!(operation["responses"][status].is_object(), "{method} {path} {status}");
            }
            let good = operation["responses"].as_object().unwrap().keys().filter(|key| key.starts_with('2'));
            assert_eq!(good.count(), 1, "{method} {path}");
        }
    }
    assert!(names.len() > 30);
}
