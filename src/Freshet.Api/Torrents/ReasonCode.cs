using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>Why a torrent waits for the disk or failed. In JSON: the names in lower case, with hyphens between words.</summary>
[JsonConverter(typeof(CodeConverter<ReasonCode>))]
public enum ReasonCode
{
    /// <summary>No space is left.</summary>
    DiskFull,

    /// <summary>The user's quota is used up.</summary>
    QuotaExceeded,

    /// <summary>The daemon may not read or write there.</summary>
    PermissionDenied,

    /// <summary>The file system is mounted read-only.</summary>
    ReadOnly,

    /// <summary>A file or folder does not exist, or a file is too short.</summary>
    Missing,

    /// <summary>The device reports an input/output error.</summary>
    IoError,

    /// <summary>Too many files are open.</summary>
    TooManyOpenFiles,

    /// <summary>The file system cannot hold a file of that size.</summary>
    FileTooLarge,

    /// <summary>A link lies in the place of a file, or leads out of the folder.</summary>
    UnsafePath,

    /// <summary>Something that is not a file lies in the place of one.</summary>
    NotAFile,

    /// <summary>Another program moved or replaced a file.</summary>
    Replaced,

    /// <summary>The state folder cannot be written.</summary>
    StateNotWritable,

    /// <summary>The metadata that peers gave for a magnet link cannot be used.</summary>
    UnusableMetadata,

    /// <summary>Anything else; the words say what.</summary>
    Other,
}
