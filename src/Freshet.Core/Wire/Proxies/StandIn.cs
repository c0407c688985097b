using System.Net;

namespace Freshet.Core.Wire.Proxies;

/// <summary>
/// Addresses that stand in for hosts whose names only the proxy may resolve, wherever an address is needed to tell hosts apart. They are
/// from 0.0.0.0/8, to which the system sends nothing (RFC 1122, section 3.2.1.3): a stand-in that is used by mistake leads nowhere.
/// </summary>
/// <remarks>
/// A host answers from its own address, which is not known beforehand. So an answer is accepted if it repeats something that only the
/// queried host knows.
/// </remarks>
internal static class StandIn
{
    /// <summary>The largest number of a name.</summary>
    public const int MaxNumber = 0xFF_FFFF;

    /// <summary>The stand-in address for the name with the given number, counted from 1.</summary>
    public static IPAddress Of(int number) => new([0, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);

    /// <summary>The number of the name for which an IPv4 address stands in; 0 if there is none.</summary>
    public static int NumberOf(uint address) => address >> 24 == 0 ? (int)address : 0;

    /// <summary>Whether an address is a stand-in.</summary>
    public static bool Is(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out int length) && length == 4 && bytes[0] == 0 && bytes[1..4].ContainsAnyExcept((byte)0);
    }
}
