using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Core.Trackers;

/// <summary>Recognizes hosts that are clearly not on the internet, before any name is resolved.</summary>
internal static class LocalHosts
{
    // Names outside public DNS: RFC 6761, RFC 6762, RFC 8375, and names reserved by ICANN or used in local networks.
    private static readonly string[] Suffixes =
        ["localhost", "local", "test", "home.arpa", "internal", "intranet", "private", "corp", "home", "lan", "localdomain"];

    // Names that DNS has nowhere: RFC 6761, RFC 9476, RFC 7686, and those of I2P.
    private static readonly string[] OtherSystems = ["invalid", "alt", "onion", "i2p"];

    /// <summary>Whether a host is an address that is not public, or a name that only a local network or this machine can resolve.</summary>
    public static bool Contains(string host)
    {
        string name = host.Trim('[', ']').TrimEnd('.');
        if (IPAddress.TryParse(name, out IPAddress? address))
            return AddressScopes.Of(address) != AddressScope.Public;
        return !name.Contains('.', StringComparison.Ordinal) || Array.Exists(Suffixes, suffix => EndsIn(name, suffix));
    }

    /// <summary>
    /// Whether there is nothing about a host that public name servers could say: it is an address, or a name of a local network, of this
    /// machine, or of another system than DNS. Whoever asks them of it shows them a name that they were not to see.
    /// </summary>
    public static bool IsOutsideDns(string host)
    {
        string name = host.Trim('[', ']').TrimEnd('.');
        return IPAddress.TryParse(name, out _) || Contains(name) || Array.Exists(OtherSystems, suffix => EndsIn(name, suffix));
    }

    private static bool EndsIn(string name, string suffix) =>
        name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) && (name.Length == suffix.Length || name[^(suffix.Length + 1)] == '.');
}
