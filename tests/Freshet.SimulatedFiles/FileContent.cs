using System.Collections.Immutable;

namespace Freshet.SimulatedFiles;

/// <summary>The bytes of a file. Immutable; versions share the pages that they have in common. A missing page is a hole.</summary>
internal sealed record FileContent(ImmutableDictionary<long, byte[]> Pages, long Length, DateTime LastWriteUtc)
{
    public const int PageLength = 4096;

    public static readonly FileContent Empty = new(ImmutableDictionary<long, byte[]>.Empty, 0, DateTime.UnixEpoch);

    /// <summary>The bytes of a page, which nobody may change.</summary>
    public byte[] PageAt(long page) => Pages.GetValueOrDefault(page) ?? Zeros;

    public FileContent Apply(FileChange change)
    {
        if (change.Bytes is { } bytes)
            return this with
            {
                Pages = Pages.SetItem(change.Page, bytes),
                Length = Math.Max(Length, change.Length),
                LastWriteUtc = change.TimeUtc,
            };
        long kept = (change.Length + PageLength - 1) / PageLength;
        ImmutableDictionary<long, byte[]> pages = Pages.RemoveRange(Pages.Keys.Where(page => page >= kept).ToArray());
        int rest = (int)(change.Length % PageLength);
        if (rest > 0 && pages.TryGetValue(kept - 1, out byte[]? last))
        {
            byte[] cut = [.. last];
            cut.AsSpan(rest).Clear();
            pages = pages.SetItem(kept - 1, cut);
        }

        return this with { Pages = pages, Length = change.Length, LastWriteUtc = change.TimeUtc };
    }

    /// <summary>Copies bytes to the buffer and returns how many there were.</summary>
    public int Read(long offset, Span<byte> target)
    {
        int count = (int)Math.Clamp(Length - offset, 0, target.Length);
        for (int done = 0; done < count;)
        {
            int at = (int)((offset + done) % PageLength);
            int take = Math.Min(PageLength - at, count - done);
            PageAt((offset + done) / PageLength).AsSpan(at, take).CopyTo(target[done..]);
            done += take;
        }

        return count;
    }

    /// <summary>The offset of the first page with bytes, at or after an offset.</summary>
    public long FindData(long offset)
    {
        for (long page = offset / PageLength; page * PageLength < Length; page++)
        {
            if (Pages.ContainsKey(page))
                return Math.Max(offset, page * PageLength);
        }

        return long.MaxValue;
    }

    private static readonly byte[] Zeros = new byte[PageLength];
}
