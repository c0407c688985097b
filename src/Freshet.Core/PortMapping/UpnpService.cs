using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Freshet.Core.PortMapping;

/// <summary>The service of a UPnP gateway that maps ports.</summary>
/// <param name="Type">Its type, which requests name.</param>
/// <param name="Control">Where requests go, on the host that the description came from.</param>
internal sealed record UpnpService(string Type, Uri Control)
{
    // The best first.
    private static readonly string[] Types =
    [
        "urn:schemas-upnp-org:service:WANIPConnection:2",
        "urn:schemas-upnp-org:service:WANIPConnection:1",
        "urn:schemas-upnp-org:service:WANPPPConnection:1",
    ];

    /// <summary>Finds the service in a gateway's description; false if there is none, or its URL leads to another host.</summary>
    /// <param name="description">The document.</param>
    /// <param name="location">Where it came from, whose host is an address.</param>
    /// <param name="service">The service.</param>
    public static bool TryFind(ReadOnlyMemory<byte> description, Uri location, [NotNullWhen(true)] out UpnpService? service)
    {
        service = null;
        if (!UpnpXml.TryRead(description, out List<(string Name, string Text)> elements))
            return false;
        Uri root = location;
        int best = Types.Length;
        string type = "";
        foreach ((string name, string text) in elements)
        {
            if (name == "URLBase" && Uri.TryCreate(text, UriKind.Absolute, out Uri? given))
                root = given;
            else if (name == "service")
                type = "";
            else if (name == "serviceType")
                type = text;
            else if (name == "controlURL" && Array.IndexOf(Types, type) is >= 0 and var rank && rank < best
                && Uri.TryCreate(root, text, out Uri? control) && IsOfSameHost(control, location))
                (best, service) = (rank, new UpnpService(type, control));
        }

        return service is not null;
    }

    private static bool IsOfSameHost(Uri control, Uri location) =>
        IPAddress.TryParse(location.IdnHost, out IPAddress? host) && SsdpAnswer.IsOf(control, host);
}
