using System.Collections.Immutable;
using System.Globalization;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Disk.Files;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// Files that existed before the torrent and may belong to others. Nothing in them is overwritten if the user wants that, if they belong
/// to another torrent, or if they have another name (a hard link), and none is deleted unless the torrent has made it its own.
/// </summary>
/// <param name="metainfo">The torrent.</param>
/// <param name="store">Its data.</param>
/// <param name="memory">Where the list of these files is recorded.</param>
internal sealed class FoundFiles(TorrentMetainfo metainfo, TorrentStore store, TorrentMemory memory)
{
    private const string OfFile =
        "Nothing in it is overwritten. Move it away, skip it, choose another folder, or allow that it is overwritten.";

    private const string OfLink =
        "It has a second name (a hard link) and would change under that too, so nothing in it is overwritten. "
        + "Put a copy in its place, skip it, or choose another folder.";

    /// <summary>Why the missing pieces cannot be written; null if they can. Blocks.</summary>
    /// <param name="have">The verified pieces.</param>
    /// <param name="options">The torrent's options.</param>
    /// <param name="shared">Files that other torrents store as well.</param>
    public string? FindObjection(Bitfield have, TorrentOptions options, IReadOnlySet<int> shared)
    {
        if (memory.Record.Found.IsDefaultOrEmpty)
            return null;
        FoundContent content = new(metainfo, store, memory.Record.Found, have, options);
        foreach (int file in memory.Record.Found)
        {
            bool isLink = store.HasOtherName(metainfo.Files[file]);
            if ((!isLink && options.ExistingFiles != ExistingFiles.Keep && !shared.Contains(file)) || content.IsUntouched(file))
                continue;
            if (((isLink ? content.FindMissing(file) : null) ?? content.FindDifference(file)) is { } piece)
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{store.PathOf(metainfo.Files[file])} was there before the torrent, and differs from it in piece {piece.Value}. ")
                    + (isLink ? OfLink : OfFile);
        }

        return null;
    }

    /// <summary>Whether a wanted piece is missing that will not be checked either.</summary>
    /// <param name="have">The verified pieces.</param>
    /// <param name="check">The pieces to be checked; null if there are none.</param>
    /// <param name="options">The torrent's options.</param>
    public bool LacksWanted(Bitfield have, Bitfield? check, TorrentOptions options) =>
        new FoundContent(metainfo, store, [], have, options).LacksWanted(check);

    /// <summary>Files that are not wanted and hold nothing of the torrent, so that nothing may be written to them.</summary>
    /// <param name="have">The verified pieces.</param>
    /// <param name="options">The torrent's options.</param>
    public IReadOnlySet<int> FindUntouched(Bitfield have, TorrentOptions options)
    {
        if (memory.Record.Found.IsDefaultOrEmpty)
            return ImmutableHashSet<int>.Empty;
        FoundContent content = new(metainfo, store, memory.Record.Found, have, options);
        return memory.Record.Found.Where(content.IsUntouched).ToImmutableHashSet();
    }

    /// <summary>
    /// Files at the torrent's paths that are not its own: they existed before it, and it does not have all of their bytes. Blocks.
    /// </summary>
    /// <param name="isVerified">Whether a file is fully verified.</param>
    public IReadOnlySet<int> FindForeign(Func<TorrentFile, bool> isVerified)
    {
        ImmutableArray<FileStamp> stamps = store.GetStamps();
        FileMap map = store.Map;
        TorrentRecord record = memory.Record;
        return metainfo.Files.Where(IsForeign).Select(file => file.Index).ToImmutableHashSet();

        bool IsForeign(TorrentFile file)
        {
            if (!stamps[file.Index].Exists)
                return false;

            // If existing files were never looked for, nothing was written either.
            if (record.Found.IsDefault)
                return record.Data is null;

            // The verified bytes of a file that is kept in the part file are there.
            bool isOwn = map[file].Home == FileHome.Output && stamps[file.Index].Length == file.Length && isVerified(file);
            return record.Found.Contains(file.Index) && !isOwn;
        }
    }
}
