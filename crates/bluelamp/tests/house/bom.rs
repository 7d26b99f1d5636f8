//! The software bill of materials: every part that the lock files name is in it, each under a licence that
//! `deny.toml` allows, and `bluelamp sbom` prints it.
//!
//! `BLUELAMP_REGENERATE=1 cargo nextest run -p bluelamp bom` writes it anew after a change of the lock files.

use crate::support::bluelamp;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const BILL: &str = "crates/bluelamp/sbom.cdx.json";
/// What stands in a bill of materials for what is needed to build or test, and is in no program.
const EXCLUDED: &str = "excluded";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// A table of TOML as JSON.
fn toml(path: &str) -> Value {
    toml::from_str(&read(path)).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// What cargo knows of every package of the lock file.
fn metadata() -> Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--format-version", "1", "--locked", "--offline"]).current_dir(root());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The packages that are in one of the two programs.
fn shipped(metadata: &Value) -> BTreeSet<&str> {
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let by_id: BTreeMap<&str, &Value> = nodes.iter().map(|node| (text(&node["id"]), node)).collect();
    let is_program = |package: &&Value| ["bluelamp", "bluelamp-witness"].contains(&text(&package["name"]));
    let packages = metadata["packages"].as_array().unwrap();
    let mut waiting: Vec<&str> =
        packages.iter().filter(is_program).map(|package| text(&package["id"])).collect();
    let mut found = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !found.insert(id) {
            continue;
        }
        let needed = by_id[id]["deps"].as_array().unwrap().iter().filter(|needed| is_normal(needed));
        waiting.extend(needed.map(|needed| text(&needed["pkg"])));
    }
    found
}

fn is_normal(needed: &Value) -> bool {
    needed["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"].is_null())
}

fn component(purl: &str, name: &str, version: &str, licence: &str, is_shipped: bool) -> Value {
    let mut of = Map::new();
    of.insert("type".into(), "library".into());
    of.insert("bom-ref".into(), purl.into());
    of.insert("name".into(), name.into());
    of.insert("version".into(), version.into());
    of.insert("scope".into(), if is_shipped { "required" } else { EXCLUDED }.into());
    // Older crates write a slash for “or”.
    let licence = licence.replace('/', " OR ");
    let licence = licence.split_whitespace().collect::<Vec<_>>().join(" ");
    of.insert("licenses".into(), json!([{ "expression": licence }]));
    of.insert("purl".into(), purl.into());
    of.into()
}

fn crates() -> Vec<Value> {
    let (metadata, lock) = (metadata(), toml("Cargo.lock"));
    let shipped = shipped(&metadata);
    let named = |package: &Value| (text(&package["name"]).to_owned(), text(&package["version"]).to_owned());
    let locked = lock["package"].as_array().unwrap().iter();
    let sums: BTreeMap<_, _> = locked.map(|package| (named(package), text(&package["checksum"]))).collect();
    let foreign =
        metadata["packages"].as_array().unwrap().iter().filter(|package| package["source"].is_string());
    let component = |package: &Value| {
        let (name, version) = named(package);
        let purl = format!("pkg:cargo/{name}@{version}");
        let licence = text(&package["license"]);
        let mut of = component(&purl, &name, &version, licence, shipped.contains(text(&package["id"])));
        of["hashes"] = json!([{ "alg": "SHA-256", "content": sums[&(name, version)] }]);
        of
    };
    foreign.map(component).collect()
}

/// The packages of npm whose styles and scripts are in the program, and those that build them.
fn npm() -> Vec<Value> {
    let lock: Value = serde_json::from_str(&read("ui/package-lock.json")).unwrap();
    let packages = lock["packages"].as_object().unwrap().iter().filter(|(path, _)| !path.is_empty());
    let component = |(path, package): (&String, &Value)| {
        let name = path.rsplit("node_modules/").next().unwrap();
        let version = text(&package["version"]);
        let purl = format!("pkg:npm/{}@{version}", name.replace('@', "%40"));
        let mut of = component(&purl, name, version, text(&package["license"]), package["dev"] != true);
        if let Some(sum) = text(&package["integrity"]).strip_prefix("sha512-") {
            let octets = BASE64_STANDARD.decode(sum).unwrap();
            of["hashes"] = json!([{ "alg": "SHA-512", "content": hex::encode(octets) }]);
        }
        of
    };
    packages.map(component).collect()
}

/// The whole bill, in an order that stays.
fn bill() -> Value {
    let mut components: BTreeMap<String, Value> = BTreeMap::new();
    for component in crates().into_iter().chain(npm()) {
        components.insert(text(&component["purl"]).to_owned(), component);
    }
    let version = text(&toml("Cargo.toml")["workspace"]["package"]["version"]).to_owned();
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "bluelamp",
                "name": "bluelamp",
                "version": version,
                "licenses": [{ "expression": "AGPL-3.0-or-later" }],
            },
        },
        "components": components.into_values().collect::<Vec<_>>(),
    })
}

#[test]
fn the_bill_of_materials_is_that_of_the_lock_files() {
    let made = format!("{}\n", serde_json::to_string_pretty(&bill()).unwrap());
    if std::env::var("BLUELAMP_REGENERATE").is_ok_and(|value| value == "1") {
        fs::write(root().join(BILL), &made).unwrap();
    }
    assert!(
        read(BILL) == made,
        "{BILL} is not that of the lock files: write it anew with BLUELAMP_REGENERATE=1"
    );
}

#[test]
fn every_part_of_the_lock_file_is_printed_under_a_licence_that_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let printed = bluelamp(folder.path(), None, &["sbom"]).good().json();
    let components = printed["components"].as_array().unwrap();
    let held: BTreeSet<&str> = components.iter().map(|component| text(&component["purl"])).collect();
    for package in toml("Cargo.lock")["package"].as_array().unwrap() {
        let purl = format!("pkg:cargo/{}@{}", text(&package["name"]), text(&package["version"]));
        assert!(held.contains(purl.as_str()) || package["source"].is_null(), "{purl} is not in it");
    }
    assert!(
        held.iter().any(|purl| purl.starts_with("pkg:npm/govuk-frontend@")),
        "the design system is not in it"
    );
    let rules = toml("deny.toml");
    let allowed: BTreeSet<&str> = rules["licenses"]["allow"].as_array().unwrap().iter().map(text).collect();
    for component in components {
        let expression = text(&component["licenses"][0]["expression"]);
        let parsed = spdx::Expression::parse(expression);
        let parsed = parsed.unwrap_or_else(|error| panic!("{}: “{expression}”: {error}", component["purl"]));
        let is_allowed = parsed.evaluate(|needed| allowed.contains(needed.to_string().as_str()));
        assert!(is_allowed, "{} is under {expression}, which deny.toml does not allow", component["purl"]);
    }
}
