using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;

namespace Freshet.Core.Torrents;

/// <summary>
/// What a torrent has once its metadata is known: its layout, the pieces it has, and what to request next. Until then it is a content
/// without pieces, so that every query has an answer; <see cref="IsKnown"/> tells the two apart.
/// </summary>
internal sealed class Content
{
    private Content(int infoLength, PieceLayout layout, ImmutableArray<TorrentFile> files, Random random)
    {
        InfoLength = infoLength;
        Layout = layout;
        Files = files;
        Availability = new Availability(layout.PieceCount, random);
        Ledger = new PieceLedger(layout, Availability);
        Picker = new PiecePicker(Ledger, Availability);
    }

    public bool IsKnown { get; private init; }

    /// <summary>Bytes of the info dictionary; 0 if it is not available.</summary>
    public int InfoLength { get; }

    public PieceLayout Layout { get; }

    public ImmutableArray<TorrentFile> Files { get; }

    public Availability Availability { get; }

    public PieceLedger Ledger { get; }

    public PiecePicker Picker { get; }

    /// <summary>The content of a torrent whose metadata is not known yet.</summary>
    public static Content Unknown(Random random) => new(0, new PieceLayout(Limits.BlockLength, []), [], random);

    public static Content Of(TorrentMetainfo metainfo, Random random) =>
        new(metainfo.InfoLength, metainfo.Layout, metainfo.Files, random) { IsKnown = true };
}
