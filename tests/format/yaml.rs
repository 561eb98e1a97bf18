//! The YAML form: the style as it is shown.

use std::fs;

use crate::promises::{examples, files, root, yaml_keeps_its_promises};

#[test]
fn yaml_examples_keep_their_trees() {
    let folders = ["tests/cases/accept", "tests/cases/decide"].map(|folder| files(&root().join(folder), "yaml"));
    let texts = folders.iter().flatten().map(|path| fs::read_to_string(path).expect("a file"));
    let mut read = 0;
    for text in texts.chain(examples("docs/yaml.md", "yaml")) {
        read += 1;
        yaml_keeps_its_promises(&text).unwrap_or_else(|why| panic!("{why}"));
    }
    assert!(read > 8, "only {read} texts were read");
}

const YAML: &str = r#"

# first

features:   {ecommerce : on,  "resell": {state: off}}   # in one line

roles:   # behind a section


    # before a role
    a:      # behind a role
          label:   "A"   # quoted
          allow:
          - x.a
          -   "* except
               b"      # behind lines
          - >2
            x.c on users
            in g

          # before the end
          except: [ x.b,
             'y.c' ,   # inside
             ]   # behind brackets
          # of the role
    b: &anchor
      doc: |     # a text
             One.

               Two.


      allow: x
    c: *anchor
    d: {}
    e:
labels:
- # behind a dash
  name: l
  below: {m: , n: [ o ]}
# the end
"#;

const YAML_LAID_OUT: &str = r#"# first

features: { ecommerce: on, "resell": { state: off } }  # in one line

roles:  # behind a section

  # before a role
  a:  # behind a role
    label: "A"  # quoted
    allow:
      - x.a
      - "* except
        b"
      # behind lines
      - >2
        x.c on users
        in g

    # before the end
    except:
      - x.b
      - 'y.c'  # inside
    # behind brackets
    # of the role
  b: &anchor
    doc: |  # a text
      One.

        Two.

    allow: x
  c: *anchor
  d: {}
  e:
labels:
  # behind a dash
  - name: l
    below:
      m:
      n: [o]
# the end
"#;

#[test]
fn yaml_has_one_style_too() {
    assert_eq!(yaml_keeps_its_promises(YAML), Ok(YAML_LAID_OUT.to_owned()));
}
