using Freshet.Core.PortMapping;

namespace Freshet.Discovery.PortMapping;

/// <summary>The ports of this machine that a router should lead to.</summary>
/// <param name="Tcp">The TCP port on which we listen; 0 if on none.</param>
/// <param name="Udp">
/// The UDP port, which is another one if that of the same number was taken; 0 while there is no socket yet, and null if there will be none.
/// </param>
internal readonly record struct LocalPorts(int Tcp, int? Udp)
{
    /// <summary>The ports that there are now.</summary>
    public IReadOnlyList<(MappedProtocol Protocol, int Port)> All()
    {
        List<(MappedProtocol, int)> all = [];
        if (Tcp != 0)
            all.Add((MappedProtocol.Tcp, Tcp));
        if (Udp is { } udp and not 0)
            all.Add((MappedProtocol.Udp, udp));
        return all;
    }
}
