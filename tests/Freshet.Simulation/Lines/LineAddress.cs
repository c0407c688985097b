using System.Buffers.Binary;
using Freshet.Core.Utp;

namespace Freshet.Simulation.Lines;

/// <summary>The address of a <see cref="LineHost"/>, which is its number.</summary>
internal readonly record struct LineAddress(int Number) : IUtpAddress
{
    // That of Ethernet, over IPv4.
    public int LongestPacket => 1_472;

    public void WriteTo(Span<byte> bytes) => BinaryPrimitives.WriteInt32LittleEndian(bytes, Number);
}
