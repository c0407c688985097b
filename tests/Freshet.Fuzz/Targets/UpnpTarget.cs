using System.Net;
using System.Text;
using Freshet.Core.PortMapping;

namespace Freshet.Fuzz.Targets;

/// <summary>
/// The answers to a search for a UPnP gateway, its description, and the answers to its actions. No request leads to another host.
/// </summary>
internal sealed class UpnpTarget : IFuzzTarget
{
    // A host that Uri accepts, and that is too long once it is written in ASCII (IDN).
    private static readonly string NoName = new('\u00e4', 59);
    private static readonly IPAddress Router = IPAddress.Parse("192.168.1.1");
    private static readonly Uri Location = new("http://192.168.1.1:5000/rootDesc.xml");

    public string Name => "upnp";

    public IReadOnlyList<byte[]> Words { get; } =
    [
        .. new[]
        {
            "HTTP/1.1 200 OK\r\n", "ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n", "LOCATION: http://192.168.1.1:5000/x\r\n",
            "<service>", "</service>", "<serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>",
            "<controlURL>/c</controlURL>",
            "<URLBase>http://10.0.0.9/</URLBase>", "http://user@192.168.1.1/", "//10.0.0.9/", "<!DOCTYPE r [<!ENTITY a \"&b;\">]>", "&a;",
            "<![CDATA[", "]]>", "<?xml version=\"1.0\" encoding=\"utf-16\"?>", "<errorCode>718</errorCode>", "<AddPortMappingResponse/>",
            "<NewExternalIPAddress>198.51.100.9</NewExternalIPAddress>", $"http://{NoName}/", $"LOCATION: http://{NoName}/\r\n",
        }.Select(Encoding.UTF8.GetBytes),
        Encoding.Latin1.GetBytes($"LOCATION: http://{NoName}/\r\n"),
    ];

    public IEnumerable<byte[]> Seeds =>
    [
        .. new[]
        {
            "HTTP/1.1 200 OK\r\nST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\nLOCATION: http://192.168.1.1:5000/x\r\n\r\n",
            "<?xml version=\"1.0\"?><root><device><serviceList><service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1"
                + "</serviceType><controlURL>/ctl</controlURL></service></serviceList></device></root>",
            "<e><b><AddPortMappingResponse/></b></e>",
            "<e><detail><UPnPError><errorCode>725</errorCode></UPnPError></detail></e>",
            "<e><NewExternalIPAddress>198.51.100.9</NewExternalIPAddress></e>",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    // The XML reader has its own buffers and name table, and the document is read five times.
    public long AllocationLimit(int inputLength) => (1L << 20) + (4096L * inputLength);

    public void Run(ReadOnlySpan<byte> input)
    {
        if (SsdpAnswer.TryRead(input, Router, out Uri? location))
            Check(location);
        byte[] document = input.ToArray();
        if (UpnpXml.TryRead(document, out List<(string Name, string Text)> elements))
            FuzzException.Require(elements.Count is > 0 and <= PortMappingLimits.MaxUpnpElements + 1, "elements are limited");
        if (UpnpService.TryFind(document, Location, out UpnpService? service))
        {
            Check(service.Control);
            FuzzException.Require(
                service.Type.StartsWith("urn:schemas-upnp-org:service:WAN", StringComparison.Ordinal), "a service is known");
        }

        FuzzException.Require(UpnpAction.ErrorOf(document) is null or >= 0, "an error must have a number");
        _ = UpnpAction.IsDone(document, "AddPortMapping");
        _ = UpnpAction.AddressOf(document);
    }

    private static void Check(Uri url)
    {
        FuzzException.Require(
            url.Scheme == Uri.UriSchemeHttp && url.UserInfo.Length == 0, "requests must go over plain HTTP, without a user");
        FuzzException.Require(
            IPAddress.TryParse(url.IdnHost, out IPAddress? host) && host.Equals(Router), "requests must go to the router");
    }
}
