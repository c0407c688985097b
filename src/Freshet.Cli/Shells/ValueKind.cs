namespace Freshet.Cli.Shells;

/// <summary>What a shell can offer for the value of an option or argument.</summary>
internal enum ValueKind
{
    /// <summary>No value: the option is a switch.</summary>
    None,

    /// <summary>Something only the user knows.</summary>
    Text,

    /// <summary>Any file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A .torrent file.</summary>
    Torrent,

    /// <summary>One of a few words.</summary>
    Choice,
}
