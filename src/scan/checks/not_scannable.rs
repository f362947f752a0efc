//! Check `not-scannable`.

use super::Check;

pub(super) static CHECK: Check = Check {
    id: "not-scannable",
    summary: "The artifact cannot be unpacked, or takes more work than a scan may do.",
    docs: "\
What cannot be read cannot be judged, so it is refused instead of skipped. Either the archive has a shape
that is used for attacks (the message names it), or looking at the package would take more work than any
honest package needs. Work is counted in bytes read by the checks' patterns, not in seconds, so every machine comes
to the same result.

```text
error: not-scannable: the entry `../evil` leaves the folder it is unpacked into
```

`shelfmark pack` writes archives that are always accepted. If the work is too much, split the package or
leave out generated files.
",
    // Raised by `scan` itself, before and after the checks.
    run: |_, _| {},
};
