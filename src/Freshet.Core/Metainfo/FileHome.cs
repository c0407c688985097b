namespace Freshet.Core.Metainfo;

/// <summary>Where a file of a torrent is stored.</summary>
internal enum FileHome : byte
{
    /// <summary>In the output folder, where complete files end up.</summary>
    Output,

    /// <summary>In the folder for incomplete files.</summary>
    Incomplete,

    /// <summary>
    /// Not wanted and not created; its place is in the output folder, but the parts of it that share pieces with wanted files are in the
    /// part file.
    /// </summary>
    PartFile,
}
