using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Freshet.Network;

/// <summary>Reads the interfaces of a Linux machine with <c>getifaddrs</c>, which returns links and addresses as one list.</summary>
internal static unsafe class LinuxInterfaces
{
    private const uint Up = 0x1;
    private const uint Loopback = 0x8;
    private const uint Running = 0x40;
    private const uint Multicast = 0x1000;
    private const ushort V4 = 2;
    private const ushort V6 = 10;

    public static ImmutableArray<InterfaceInfo> Read()
    {
        Native.InterfaceAddress* first;
        if (Native.GetInterfaceAddresses(&first) != 0)
            throw new SocketException((int)SocketError.SocketError, "The system does not say which network interfaces it has.");
        try
        {
            Dictionary<string, InterfaceInfo> byName = [];
            for (Native.InterfaceAddress* entry = first; entry is not null; entry = entry->Next)
                Take(entry, byName);
            return [.. byName.Values];
        }
        finally
        {
            Native.FreeInterfaceAddresses(first);
        }
    }

    private static void Take(Native.InterfaceAddress* entry, Dictionary<string, InterfaceInfo> byName)
    {
        if (Marshal.PtrToStringUTF8((nint)entry->Name) is not { } label)
            return;

        // An alias ("eth0:1") is the label of an address, and not an interface of its own.
        string name = label.Split(':')[0];
        if (!byName.TryGetValue(name, out InterfaceInfo? info))
        {
            info = new InterfaceInfo
            {
                Name = name,
                Index = (int)Native.InterfaceIndex(name),
                IsUp = (entry->Flags & (Up | Running)) == (Up | Running),
                IsLoopback = (entry->Flags & Loopback) != 0,
                CanMulticast = (entry->Flags & Multicast) != 0,
            };
        }

        byName[name] = ReadAddress(entry->Address) is { } address ? info with { Addresses = info.Addresses.Add(address) } : info;
    }

    private static IPAddress? ReadAddress(byte* native)
    {
        if (native is null)
            return null;
        return *(ushort*)native switch
        {
            V4 => new IPAddress(new ReadOnlySpan<byte>(native + 4, 4)),
            V6 => new IPAddress(new ReadOnlySpan<byte>(native + 8, 16), *(uint*)(native + 24)),
            _ => null,
        };
    }
}
