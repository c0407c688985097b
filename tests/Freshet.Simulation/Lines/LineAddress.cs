using System.Buffers.Binary;
using Freshet.Core.Utp;

namespace Freshet.Simulation.Lines;

/// <summary>Where a <see cref="LineHost"/> is: its number.</summary>
internal readonly record struct LineAddress(int Number) : IUtpAddress
{
    // Ethernet's, over IPv4.
    public int LongestPacket => 1_472;

    public void WriteTo(Span<byte> bytes) => BinaryPrimitives.WriteInt32LittleEndian(bytes, Number);
}
