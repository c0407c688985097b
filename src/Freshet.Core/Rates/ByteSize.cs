using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Freshet.Core.Rates;

/// <summary>A number of bytes.</summary>
/// <param name="Bytes">The number of bytes.</param>
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    private static readonly string[] BinaryUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    private static readonly string[] DecimalUnits = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>Creates a size from a number of KiB.</summary>
    public static ByteSize FromKiB(long value) => new(checked(value * 1024));

    /// <summary>Creates a size from a number of MiB.</summary>
    public static ByteSize FromMiB(long value) => new(checked(value * 1024 * 1024));

    /// <summary>
    /// Parses a size with its unit: <c>512</c>, <c>2MiB</c>, <c>1.5 GB</c>. A bare K, M, G or T is a binary unit, as in dd and ls.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ByteSize size)
    {
        size = default;
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        int digits = 0;
        while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.'))
            digits++;
        if (!decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
            return false;
        if (!TryFindUnit(rest[digits..].Trim(), out long unit) || number > long.MaxValue / unit)
            return false;
        size = new ByteSize((long)(number * unit));
        return true;
    }

    /// <summary>Compares the numbers of bytes.</summary>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <inheritdoc/>
    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    /// <inheritdoc/>
    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    /// <inheritdoc/>
    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    /// <inheritdoc/>
    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;

    /// <summary>The size in the largest binary unit that gives a number of at least one, with up to two decimals: <c>1.5 MiB</c>.</summary>
    public override string ToString()
    {
        double value = Bytes;
        int unit = 0;
        while (Math.Abs(value) >= 1024 && unit < BinaryUnits.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        string format = unit == 0 || Math.Abs(value) >= 100 ? "0" : Math.Abs(value) >= 10 ? "0.#" : "0.##";
        return value.ToString(format, CultureInfo.InvariantCulture) + " " + BinaryUnits[unit];
    }

    private static bool TryFindUnit(ReadOnlySpan<char> name, out long unit)
    {
        unit = 1;
        if (name.IsEmpty)
            return true;
        for (int i = 0; i < BinaryUnits.Length; i++)
        {
            if (name.Equals(BinaryUnits[i], StringComparison.OrdinalIgnoreCase)
                || (i > 0 && name.Length == 1 && char.ToUpperInvariant(name[0]) == BinaryUnits[i][0]))
            {
                unit = 1L << (10 * i);
                return true;
            }

            if (name.Equals(DecimalUnits[i], StringComparison.OrdinalIgnoreCase))
            {
                unit = (long)Math.Pow(1000, i);
                return true;
            }
        }

        return false;
    }
}
