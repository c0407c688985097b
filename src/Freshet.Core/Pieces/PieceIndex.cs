namespace Freshet.Core.Pieces;

/// <summary>A piece of a torrent, counted from 0.</summary>
/// <param name="Value">The number.</param>
public readonly record struct PieceIndex(int Value) : IComparable<PieceIndex>
{
    /// <summary>Compares the numbers.</summary>
    public int CompareTo(PieceIndex other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public static bool operator <(PieceIndex left, PieceIndex right) => left.Value < right.Value;

    /// <inheritdoc/>
    public static bool operator >(PieceIndex left, PieceIndex right) => left.Value > right.Value;

    /// <inheritdoc/>
    public static bool operator <=(PieceIndex left, PieceIndex right) => left.Value <= right.Value;

    /// <inheritdoc/>
    public static bool operator >=(PieceIndex left, PieceIndex right) => left.Value >= right.Value;

    /// <summary>The number.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
