namespace Freshet.Core.Metainfo;

/// <summary>In which of a torrent's places a file is stored.</summary>
internal enum FileHome : byte
{
    /// <summary>The output folder, where a complete file ends up.</summary>
    Output,

    /// <summary>The folder for what is not complete yet.</summary>
    Incomplete,

    /// <summary>The part file: it holds the edges that a file shares in pieces with wanted ones, and is not the file itself.</summary>
    PartFile,
}
