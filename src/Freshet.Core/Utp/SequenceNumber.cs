namespace Freshet.Core.Utp;

/// <summary>
/// The sequence number of a packet in one direction of a connection (BEP 29): 16 bits that wrap around. Two numbers are compared along the
/// shorter arc of the circle, so a connection may have at most half of the circle in flight.
/// </summary>
internal readonly record struct SequenceNumber(ushort Value)
{
    public static SequenceNumber operator +(SequenceNumber number, int count) => new((ushort)(number.Value + count));

    public static SequenceNumber operator -(SequenceNumber number, int count) => new((ushort)(number.Value - count));

    /// <summary>How far the left number is ahead of the right one; negative if it is behind.</summary>
    public static int operator -(SequenceNumber left, SequenceNumber right) => (short)(left.Value - right.Value);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
