using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Rates;

/// <summary>A data rate in bytes per second.</summary>
/// <param name="BytesPerSecond">The number of bytes per second.</param>
public readonly record struct DataRate(long BytesPerSecond) : IComparable<DataRate>
{
    /// <summary>Creates a rate from a number of MiB per second.</summary>
    public static DataRate FromMiB(long value) => new(ByteSize.FromMiB(value).Bytes);

    /// <summary>Parses a rate with its unit: <c>500kB/s</c>, <c>2MiB</c>, <c>1000000</c>. The <c>/s</c> is optional.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DataRate rate)
    {
        rate = default;
        if (text is null)
            return false;
        string trimmed = text.Trim();
        if (trimmed.EndsWith("/s", StringComparison.OrdinalIgnoreCase))
            trimmed = trimmed[..^2];
        if (!ByteSize.TryParse(trimmed, out ByteSize size))
            return false;
        rate = new DataRate(size.Bytes);
        return true;
    }

    /// <summary>Compares the rates.</summary>
    public int CompareTo(DataRate other) => BytesPerSecond.CompareTo(other.BytesPerSecond);

    /// <inheritdoc/>
    public static bool operator <(DataRate left, DataRate right) => left.BytesPerSecond < right.BytesPerSecond;

    /// <inheritdoc/>
    public static bool operator >(DataRate left, DataRate right) => left.BytesPerSecond > right.BytesPerSecond;

    /// <inheritdoc/>
    public static bool operator <=(DataRate left, DataRate right) => left.BytesPerSecond <= right.BytesPerSecond;

    /// <inheritdoc/>
    public static bool operator >=(DataRate left, DataRate right) => left.BytesPerSecond >= right.BytesPerSecond;

    /// <summary>The rate in a suitable binary unit: <c>8.2 MiB/s</c>.</summary>
    public override string ToString() => new ByteSize(BytesPerSecond) + "/s";
}
