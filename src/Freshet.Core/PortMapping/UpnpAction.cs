using System.Globalization;
using System.Net;
using System.Security;
using System.Text;

namespace Freshet.Core.PortMapping;

/// <summary>Requests to a <see cref="UpnpService"/> and their responses: as much of SOAP as is needed (UPnP IGD 1 and 2).</summary>
internal static class UpnpAction
{
    /// <summary>Error codes: the port is mapped to another host, and the gateway supports only permanent mappings.</summary>
    public const int Conflict = 718;

    /// <inheritdoc cref="Conflict"/>
    public const int OnlyPermanent = 725;

    /// <summary>The value of the header <c>SOAPAction</c>.</summary>
    public static string HeaderOf(UpnpService service, string action) => $"\"{service.Type}#{action}\"";

    public static byte[] WriteAdd(
        UpnpService service, MappedProtocol protocol, (int Internal, int External) ports, IPAddress client, int leaseSeconds) => Write(
        service,
        "AddPortMapping",
        [
            ("NewRemoteHost", ""),
            ("NewExternalPort", Text(ports.External)),
            ("NewProtocol", NameOf(protocol)),
            ("NewInternalPort", Text(ports.Internal)),
            ("NewInternalClient", client.ToString()),
            ("NewEnabled", "1"),
            ("NewPortMappingDescription", "Freshet"),
            ("NewLeaseDuration", Text(leaseSeconds)),
        ]);

    public static byte[] WriteDelete(UpnpService service, MappedProtocol protocol, int externalPort) => Write(
        service,
        "DeletePortMapping",
        [("NewRemoteHost", ""), ("NewExternalPort", Text(externalPort)), ("NewProtocol", NameOf(protocol))]);

    public static byte[] WriteAddress(UpnpService service) => Write(service, "GetExternalIPAddress", []);

    /// <summary>Whether a gateway confirmed a request. Any other response does not count as success.</summary>
    public static bool IsDone(ReadOnlyMemory<byte> answer, string action) => Find(answer, action + "Response") is not null;

    /// <summary>The error code in a response; null if it is not an error.</summary>
    public static int? ErrorOf(ReadOnlyMemory<byte> answer) =>
        Find(answer, "errorCode") is { } code && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;

    /// <summary>The external address that a gateway reports; null if it reports none.</summary>
    public static IPAddress? AddressOf(ReadOnlyMemory<byte> answer) =>
        IPAddress.TryParse(Find(answer, "NewExternalIPAddress"), out IPAddress? address) ? address : null;

    private static string? Find(ReadOnlyMemory<byte> answer, string name)
    {
        if (!UpnpXml.TryRead(answer, out List<(string Name, string Text)> elements))
            return null;
        (string Name, string Text) found = elements.Find(element => element.Name == name);
        return found.Name is null ? null : found.Text;
    }

    private static byte[] Write(UpnpService service, string action, (string Name, string Value)[] arguments)
    {
        StringBuilder text = new();
        text.Append("<?xml version=\"1.0\"?>\r\n<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" ");
        text.Append("s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body>");
        text.Append(CultureInfo.InvariantCulture, $"<u:{action} xmlns:u=\"{SecurityElement.Escape(service.Type)}\">");
        foreach ((string name, string value) in arguments)
            text.Append(CultureInfo.InvariantCulture, $"<{name}>{SecurityElement.Escape(value)}</{name}>");
        text.Append(CultureInfo.InvariantCulture, $"</u:{action}></s:Body></s:Envelope>");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string NameOf(MappedProtocol protocol) => protocol == MappedProtocol.Tcp ? "TCP" : "UDP";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
