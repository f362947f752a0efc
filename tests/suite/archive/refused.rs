//! Every hostile archive of `shelfmark_support::hostile`, by name, and the one
//! reason that each is refused for.

use shelfmark::artifact::{ArchiveError as E, Limits, UnpackError, inspect, unpack_in_memory, unpack_to};
use shelfmark_support::hostile;

/// Checks that the archive is refused, every time for the same reason, that the
/// message is fit for a terminal, and that nothing is left on disk.
fn refuse(archive: &[u8], is_expected: fn(&E) -> bool) {
    let limits = Limits::default();
    let error = inspect(archive, &limits).unwrap_err();
    assert!(is_expected(&error), "{error:?}");
    let message = error.to_string();
    let is_plain = |c: char| c.is_ascii_graphic() || c == ' ' || c == '…' || "ßıİοσς".contains(c);
    assert!(message.chars().all(is_plain), "{message:?}");
    assert!(message.len() < 360, "{message}");
    assert_eq!(unpack_in_memory(archive, &limits).unwrap_err(), error);
    let folder = tempfile::tempdir().unwrap();
    match unpack_to(archive, &folder.path().join("package"), &limits) {
        Err(UnpackError::Refused(again)) => assert_eq!(again, error),
        other => panic!("{other:?}"),
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

macro_rules! refused {
    ($($name:ident => $reason:ident;)+) => {
        $(#[test]
        fn $name() {
            refuse(&hostile::$name(), |error| matches!(error, E::$reason { .. }));
        })+

        #[test]
        fn every_hostile_archive_has_a_test() {
            let named: Vec<&str> = hostile::ALL.iter().map(|(name, _)| *name).collect();
            assert_eq!(named, [$(stringify!($name)),+]);
        }
    };
}

refused! {
    a_zip => NotGzip;
    an_empty_download => Truncated;
    an_unknown_compression => GzipMethod;
    a_gzip_extra_field => GzipFlags;
    a_gzip_comment => GzipFlags;
    a_gzip_header_checksum => GzipFlags;
    a_gzip_reserved_flag => GzipFlags;
    a_gzip_name_that_climbs => GzipName;
    an_endless_gzip_name => GzipName;
    corrupt_deflate_data => Deflate;
    a_bomb => FileTooLarge;
    a_bomb_after_the_end => EndTooLong;
    a_bomb_of_allowed_size => Ratio;
    endless_empty_blocks => Overhead;
    a_block_for_each_byte => Overhead;
    a_cut_download => Truncated;
    a_cut_trailer => Truncated;
    a_wrong_crc => Checksum;
    a_wrong_length => Length;
    a_second_member => SecondMember;
    an_archive_in_two_members => SecondMember;
    a_trailing_zip => TrailingBytes;
    trailing_zeros => TrailingBytes;
    a_wrong_header_checksum => HeaderChecksum;
    a_missing_header_checksum => HeaderChecksum;
    a_gnu_header => Format;
    a_v7_header => Format;
    a_star_header => Format;
    a_base_256_size => Number;
    a_negative_size => Number;
    a_huge_size => FileTooLarge;
    a_signed_size => Number;
    a_size_after_a_space => Number;
    a_size_with_two_ends => Number;
    a_missing_size => Number;
    a_garbled_mode => Number;
    a_negative_time => Number;
    a_symbolic_link => Link;
    a_write_through_a_link => Link;
    a_chain_of_links => Link;
    a_hard_link => Link;
    a_character_device => Device;
    a_block_device => Device;
    a_pipe => Device;
    global_pax_records => GlobalPax;
    a_gnu_long_name => GnuLongName;
    a_gnu_long_link => GnuLongName;
    a_sparse_file => Sparse;
    a_file_of_the_old_type => OldType;
    a_folder_by_its_slash => OldType;
    a_contiguous_file => OldType;
    an_unknown_type => UnknownType;
    solaris_records => UnknownType;
    a_file_with_a_target => LinkTarget;
    a_set_user_id_file => SpecialMode;
    a_sticky_folder => SpecialMode;
    a_folder_with_contents => FolderSize;
    a_huge_file => FileTooLarge;
    huge_files_together => TotalTooLarge;
    a_hundred_thousand_files => TooManyEntries;
    a_forest_of_folders => TooManyFolders;
    contents_in_the_padding => Padding;
    an_archive_without_an_end => MissingEnd;
    an_archive_with_half_an_end => MissingEnd;
    a_cut_file => MissingEnd;
    a_cut_header => MissingEnd;
    an_entry_after_a_zero_block => AfterEnd;
    an_entry_after_the_end => AfterEnd;
    an_endless_end => EndTooLong;
    huge_pax_records => PaxTooLarge;
    a_pax_record_too_short => PaxRecord;
    a_pax_record_too_long => PaxRecord;
    a_pax_record_with_a_signed_length => PaxRecord;
    a_pax_record_of_endless_length => PaxRecord;
    a_pax_record_without_a_key => PaxRecord;
    a_pax_record_without_a_value => PaxRecord;
    pax_records_with_padding => PaxRecord;
    a_pax_link => PaxKey;
    a_pax_sparse_file => PaxKey;
    a_pax_sparse_name => PaxKey;
    a_pax_attribute => PaxKey;
    a_pax_character_set => PaxKey;
    a_pax_key_twice => PaxTwice;
    an_empty_pax_value => PaxValue;
    a_pax_value_of_two_lines => PaxValue;
    a_pax_path_with_a_nul => PaxValue;
    a_signed_pax_size => PaxValue;
    a_garbled_pax_time => PaxValue;
    two_sizes => PaxSize;
    a_size_by_pax_alone => PaxSize;
    two_paths => PaxPath;
    a_pax_path_that_climbs => NameClimbs;
    pax_records_at_the_end => PaxAlone;
    pax_records_twice => PaxAlone;
    an_empty_name => NameEmpty;
    a_path_that_climbs => NameClimbs;
    a_path_that_climbs_later => NameClimbs;
    an_absolute_path => NameAbsolute;
    a_path_with_a_dot => NameClimbs;
    a_path_with_two_slashes => NameClimbs;
    a_file_with_a_slash => NameClimbs;
    a_windows_drive => NameCharacter;
    a_backslash => NameCharacter;
    a_nul_in_the_name => NameHasNul;
    a_nul_in_the_prefix => NameHasNul;
    a_prefix_that_climbs => NameClimbs;
    an_absolute_prefix => NameAbsolute;
    a_name_in_latin_1 => NameNotUtf8;
    a_decomposed_name => NameNotNfc;
    a_line_break => NameControl;
    an_escape_sequence => NameControl;
    a_right_to_left_override => NameInvisible;
    a_zero_width_space => NameInvisible;
    an_invisible_letter => NameInvisible;
    a_tag_character => NameInvisible;
    a_mark_on_a_slash => NameCharacter;
    a_fullwidth_slash => NameCharacter;
    a_shell_pattern => NameCharacter;
    a_shell_command => NameCharacter;
    an_option => NameLeading;
    a_home_folder => NameLeading;
    a_trailing_dot => NameTrailing;
    a_trailing_space => NameTrailing;
    a_leading_space => NameTrailing;
    a_windows_device => NameDevice;
    a_windows_device_by_a_superscript => NameDevice;
    a_git_hook => NameGit;
    a_git_folder_in_capitals => NameGit;
    a_git_folder_by_its_short_name => NameGit;
    a_git_folder_in_wide_letters => NameGit;
    a_short_name => NameShort;
    a_path_too_long => NameTooLong;
    a_path_too_deep => NameTooDeep;
    a_path_of_three_thousand_levels => PaxTooLarge;
    a_path_of_a_thousand_levels => NameTooLong;
    a_file_twice => Duplicate;
    a_folder_twice => Duplicate;
    case_twins => Twins;
    form_twins => Twins;
    sharp_s_twins => Twins;
    long_s_twins => Twins;
    the_kelvin_sign => NameNotNfc;
    dotless_i_twins => Twins;
    dotted_i_twins => Twins;
    ligature_twins => Twins;
    sigma_twins => Twins;
    folder_twins => Twins;
    a_file_then_a_folder => FileAndFolder;
    a_folder_then_a_file => FileAndFolder;
    a_folder_named_as_a_file => FileAndFolder;
    a_folder_in_the_case_of_a_file => Twins;
    no_manifest => ManifestMissing;
    an_empty_archive => ManifestMissing;
    a_manifest_in_a_folder => ManifestMissing;
    a_manifest_that_is_a_folder => ManifestMissing;
    a_manifest_in_capitals => ManifestCasing;
    two_manifests => ManifestCasing;
}

#[test]
fn an_archive_that_cannot_be_read_is_refused() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let error = inspect(Broken, &Limits::default()).unwrap_err();
    assert_eq!(error, E::Unreadable("the disk is gone".into()));
}

#[test]
fn messages_name_the_entry_and_both_values() {
    let message = |archive: Vec<u8>| super::check(&archive).unwrap_err().to_string();
    for (archive, expected) in [
        (hostile::a_symbolic_link(), "`docs` is a link to `/etc`; only files and folders are accepted"),
        (hostile::two_sizes(), "the PAX size of `README.md` is 0, its header says 512"),
        (hostile::case_twins(), "`Readme.md` and `README.md` are the same path on some systems"),
        (
            hostile::an_escape_sequence(),
            "the path `README\\u{1b}]8;;evil\\u{7}.md` holds the control character \\u{1b}",
        ),
        (hostile::the_kelvin_sign(), "the path `30\\u{212a}.md` is not in the normal form NFC"),
        (hostile::folder_twins(), "`Docs` and `docs` are the same path on some systems"),
    ] {
        assert_eq!(message(archive), expected);
    }
}
