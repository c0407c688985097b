namespace Freshet.Core.Utp;

/// <summary>
/// The number of a packet on one side of a connection (BEP 29): 16 bits that wrap around. Two numbers are compared by the shorter way
/// around the circle, so a connection may have at most half a circle under way.
/// </summary>
internal readonly record struct SequenceNumber(ushort Value)
{
    public static SequenceNumber operator +(SequenceNumber number, int count) => new((ushort)(number.Value + count));

    public static SequenceNumber operator -(SequenceNumber number, int count) => new((ushort)(number.Value - count));

    /// <summary>How far the left number is ahead of the right one; negative if it is behind.</summary>
    public static int operator -(SequenceNumber left, SequenceNumber right) => (short)(left.Value - right.Value);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
