using System.Collections.Immutable;
using Freshet.Core.Pieces;

namespace Freshet.Core.Torrents;

/// <summary>Derives piece priorities from file priorities: a piece has the highest priority among its files.</summary>
internal static class Priorities
{
    /// <summary>
    /// Updates the ledger, tells the disk about blocks that are no longer wanted, and returns the bytes of all wanted pieces.
    /// </summary>
    public static long Apply(Content content, TorrentSettings settings, ITorrentEffects effects)
    {
        PieceLayout layout = content.Layout;
        PieceLedger ledger = content.Ledger;
        bool isByFile = settings.OnlyPieces.IsDefaultOrEmpty;
        if (isByFile && settings is { FilePriorities.IsDefaultOrEmpty: true, FirstAndLastFirst: false } && !ledger.HasPriorities)
            return layout.TotalLength;
        PiecePriority[] pieces = isByFile ? OfFiles(content, settings.FilePriorities) : OfPieces(layout, settings.OnlyPieces);
        if (isByFile && settings.FirstAndLastFirst)
            RaiseEdges(content, settings.FilePriorities, pieces);

        long wanted = 0;
        for (int piece = 0; piece < pieces.Length; piece++)
        {
            if (ledger.SetPriority(new PieceIndex(piece), pieces[piece]))
                effects.DiscardPiece(new PieceIndex(piece));
            wanted += pieces[piece] == PiecePriority.Skip ? 0 : layout.LengthOf(new PieceIndex(piece));
        }

        return wanted;
    }

    private static PiecePriority[] OfPieces(PieceLayout layout, ImmutableArray<PieceIndex> wanted)
    {
        var pieces = new PiecePriority[layout.PieceCount];
        foreach (PieceIndex piece in wanted)
        {
            if (layout.Contains(piece))
                pieces[piece.Value] = PiecePriority.Normal;
        }

        return pieces;
    }

    private static PiecePriority[] OfFiles(Content content, ImmutableArray<PiecePriority> files)
    {
        PieceLayout layout = content.Layout;
        var pieces = new PiecePriority[layout.PieceCount];
        for (int file = 0; file < layout.FileCount; file++)
        {
            PiecePriority priority = PriorityOf(content, files, file);
            PieceRange range = layout.PiecesOfFile(file);
            for (int piece = range.First.Value; piece < range.End.Value; piece++)
                pieces[piece] = priority > pieces[piece] ? priority : pieces[piece];
        }

        return pieces;
    }

    // Media players need both ends of a file before they can show any of it.
    private static void RaiseEdges(Content content, ImmutableArray<PiecePriority> files, PiecePriority[] pieces)
    {
        PieceLayout layout = content.Layout;
        for (int file = 0; file < layout.FileCount; file++)
        {
            if (content.Files[file].IsPadding || layout.LengthOfFile(file) == 0
                || PriorityOf(content, files, file) == PiecePriority.Skip)
                continue;
            PieceRange range = layout.PiecesOfFile(file);
            long begin = layout.OffsetOfFile(file);
            long length = layout.LengthOfFile(file);
            long edge = length / FileLimits.EdgeShare;
            Array.Fill(pieces, PiecePriority.Edge, range.First.Value, layout.PieceAt(begin + edge).Value + 1 - range.First.Value);
            int tail = layout.PieceAt(begin + length - 1 - edge).Value;
            Array.Fill(pieces, PiecePriority.Edge, tail, range.End.Value - tail);
        }
    }

    private static PiecePriority PriorityOf(Content content, ImmutableArray<PiecePriority> files, int file)
    {
        if (files.IsDefaultOrEmpty)
            return PiecePriority.Normal;

        // A pad file is never stored: its pieces are wanted only for the files around it.
        if (content.Files[file].IsPadding)
            return PiecePriority.Skip;
        return file < files.Length ? files[file] : PiecePriority.Normal;
    }
}
