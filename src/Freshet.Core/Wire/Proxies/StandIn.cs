using System.Net;

namespace Freshet.Core.Wire.Proxies;

/// <summary>
/// Addresses that stand for hosts whose names only the proxy may look up, where an address is needed to tell hosts apart. They are those of
/// 0.0.0.0/8, to which the system sends nothing (RFC 1122, section 3.2.1.3): one that is used by mistake leads nowhere.
/// </summary>
/// <remarks>
/// A host answers from its own address, which nobody knows before. So an answer counts if it repeats what only the asked know.
/// </remarks>
internal static class StandIn
{
    /// <summary>The address that stands for the name of a number, from 1 on.</summary>
    public static IPAddress Of(int number) => new([0, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);

    /// <summary>The number of the name that an IPv4 address stands for; 0 if it stands for none.</summary>
    public static int NumberOf(uint address) => address >> 24 == 0 ? (int)address : 0;

    /// <summary>Whether an address stands for a name.</summary>
    public static bool Is(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out int length) && length == 4 && bytes[0] == 0 && bytes[1..4].ContainsAnyExcept((byte)0);
    }
}
