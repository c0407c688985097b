namespace Freshet.Core.Metainfo;

/// <summary>In which of a torrent's places a file is stored.</summary>
internal enum FileHome : byte
{
    /// <summary>The output folder, where a complete file ends up.</summary>
    Output,

    /// <summary>The folder for what is not complete yet.</summary>
    Incomplete,

    /// <summary>
    /// In the output folder as well, but what it shares in pieces with wanted files is in the part file: nobody wants it, and it is not
    /// made.
    /// </summary>
    PartFile,
}
