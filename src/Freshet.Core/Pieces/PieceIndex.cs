namespace Freshet.Core.Pieces;

/// <summary>The index of a piece of a torrent, counted from 0.</summary>
/// <param name="Value">The index.</param>
public readonly record struct PieceIndex(int Value) : IComparable<PieceIndex>
{
    /// <summary>Compares the indices.</summary>
    public int CompareTo(PieceIndex other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public static bool operator <(PieceIndex left, PieceIndex right) => left.Value < right.Value;

    /// <inheritdoc/>
    public static bool operator >(PieceIndex left, PieceIndex right) => left.Value > right.Value;

    /// <inheritdoc/>
    public static bool operator <=(PieceIndex left, PieceIndex right) => left.Value <= right.Value;

    /// <inheritdoc/>
    public static bool operator >=(PieceIndex left, PieceIndex right) => left.Value >= right.Value;

    /// <summary>The index as text.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
