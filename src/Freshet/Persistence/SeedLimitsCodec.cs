using Freshet.Core.Bencoding;
using Freshet.Core.Torrents;

namespace Freshet.Persistence;

/// <summary>A torrent's own seed limits as a bencoded dictionary: times in seconds, the ratio in thousandths.</summary>
internal static class SeedLimitsCodec
{
    private const long Most = long.MaxValue / TimeSpan.TicksPerSecond / 2;

    public static RecordEntries Write(SeedLimits limits)
    {
        RecordEntries entries = new();
        if (limits.IdleTime is { } idle)
            entries.Add("idle"u8, (long)idle.TotalSeconds);
        if (limits.Ratio is { } ratio)
            entries.Add("ratio"u8, (long)Math.Round(Math.Min(ratio, Most / 1000) * 1000));
        if (limits.Then != SeedEnd.Stop)
            entries.Add("then"u8, (int)limits.Then);
        if (limits.SeedTime is { } time)
            entries.Add("time"u8, (long)time.TotalSeconds);
        return entries;
    }

    /// <summary>Null if there are none.</summary>
    public static SeedLimits? Read(BencodeValue root)
    {
        if (root.Kind != BencodeKind.Dictionary)
            return null;
        return new SeedLimits
        {
            Ratio = Number(root["ratio"u8], 0) / 1000.0,
            SeedTime = Time(root["time"u8], 0),
            IdleTime = Time(root["idle"u8], 60),
            Then = Number(root["then"u8], 0) is { } then and <= (long)SeedEnd.RemoveWithFiles ? (SeedEnd)then : SeedEnd.Stop,
        };
    }

    private static TimeSpan? Time(BencodeValue value, long least) =>
        Number(value, least) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static long? Number(BencodeValue value, long least) =>
        value.TryGetInteger(out long number) && number >= least && number <= Most ? number : null;
}
