using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.PortMapping;

/// <summary>The port mapping service of a UPnP gateway.</summary>
/// <param name="Type">The service type, which requests must state.</param>
/// <param name="Control">The control URL, on the host that supplied the description.</param>
internal sealed record UpnpService(string Type, Uri Control)
{
    // Best first.
    private static readonly string[] Types =
    [
        "urn:schemas-upnp-org:service:WANIPConnection:2",
        "urn:schemas-upnp-org:service:WANIPConnection:1",
        "urn:schemas-upnp-org:service:WANPPPConnection:1",
    ];

    /// <summary>Finds the service in a gateway's description; false if there is none, or its URL is on another host.</summary>
    /// <param name="description">The description document.</param>
    /// <param name="location">The URL of the description, whose host is an address.</param>
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
        SsdpAnswer.AddressOf(location) is { } host && SsdpAnswer.IsOf(control, host);
}
