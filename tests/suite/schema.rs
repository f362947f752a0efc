//! The JSON Schemas of the formats are committed, and are what the code says.

use crate::support::root;
use shelfmark::schema::ALL;

#[test]
fn committed_json_schemas_are_what_the_types_say() {
    let folder = root().join("src/schema/json");
    let bless = std::env::var_os("SHELFMARK_BLESS").is_some();
    if bless {
        std::fs::create_dir_all(&folder).unwrap();
    }
    for named in ALL {
        let file = folder.join(format!("{}.schema.json", named.name));
        if bless {
            std::fs::write(&file, named.text()).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(committed, named.text(), "{} is stale; SHELFMARK_BLESS=1 renews it", file.display());
        jsonschema::draft202012::meta::validate(&named.schema()).unwrap();
    }
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), ALL.len(), "a schema without a format");
}
