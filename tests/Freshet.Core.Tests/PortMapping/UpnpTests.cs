using System.Net;
using System.Text;
using Freshet.Core.PortMapping;

namespace Freshet.Core.Tests.PortMapping;

public class UpnpTests
{
    private const string Igd1 = "urn:schemas-upnp-org:device:InternetGatewayDevice:1";

    // 59 letters are a name that Uri accepts, and more than the 63 that IDN allows once it is written in ASCII.
    private const string NoName = "äääääääääääääääääääääääääääää"
        + "ääääääääääääääääääääääääääääää";

    private static readonly IPAddress Router = IPAddress.Parse("192.168.1.1");
    private static readonly Uri Location = new("http://192.168.1.1:5000/rootDesc.xml");

    [Theory]
    [InlineData("http://192.168.1.1:5000/rootDesc.xml", true)]
    [InlineData("http://192.168.1.1/", true)]
    [InlineData("http://192.168.1.2:5000/rootDesc.xml", false)]
    [InlineData("http://127.0.0.1:631/", false)]
    [InlineData("http://router.test/rootDesc.xml", false)]
    [InlineData("http://user:secret@192.168.1.1/", false)]
    [InlineData("https://192.168.1.1/", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("/rootDesc.xml", false)]
    [InlineData("http://" + NoName + "/rootDesc.xml", false)]
    [InlineData("http://a\u00e4\u00ff\u00ad.example/", false)]
    [InlineData("http://[::ffff:192.168.1.1]/", false)]
    public void A_location_must_be_on_the_host_that_answers(string location, bool isBelieved) =>
        Assert.Equal(isBelieved, SsdpAnswer.TryRead(Ssdp($"HTTP/1.1 200 OK\r\nST: {Igd1}\r\nLocation: {location}\r\n\r\n"), Router, out _));

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nST: " + Igd1 + "\r\nLocation: http://192.168.1.1/\r\n\r\n")]
    [InlineData("NOTIFY * HTTP/1.1\r\nST: " + Igd1 + "\r\nLocation: http://192.168.1.1/\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nST: urn:schemas-upnp-org:device:Printer:1\r\nLocation: http://192.168.1.1/\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nST: " + Igd1 + "\r\n\r\n")]
    [InlineData("")]
    public void Unrelated_answers_are_refused(string answer) => Assert.False(SsdpAnswer.TryRead(Ssdp(answer), Router, out _));

    [Fact]
    public void The_best_service_is_found_wherever_it_is_nested()
    {
        string description = Description(
            Service("WANPPPConnection:1", "/ppp") + "<deviceList><device><serviceList>" + Service("WANIPConnection:1", "/ip1")
            + Service("WANIPConnection:2", "ctl/ip2") + Service("WANIPConnection:1", "/again") + "</serviceList></device></deviceList>");
        Assert.True(UpnpService.TryFind(Xml(description), Location, out UpnpService? service));
        Assert.Equal("urn:schemas-upnp-org:service:WANIPConnection:2", service.Type);
        Assert.Equal("http://192.168.1.1:5000/ctl/ip2", service.Control.ToString());
    }

    [Fact]
    public void The_base_of_the_description_counts_only_on_the_same_host()
    {
        string near = Description("<URLBase>http://192.168.1.1:80/</URLBase>" + Service("WANIPConnection:1", "/ip1"));
        Assert.True(UpnpService.TryFind(Xml(near), Location, out UpnpService? service));
        Assert.Equal("http://192.168.1.1/ip1", service.Control.ToString());
        string far = Description("<URLBase>http://10.0.0.9/</URLBase>" + Service("WANIPConnection:1", "/ip1"));
        Assert.False(UpnpService.TryFind(Xml(far), Location, out _));
        string nowhere = Description($"<URLBase>http://{NoName}/</URLBase>" + Service("WANIPConnection:1", "/ip1"));
        Assert.False(UpnpService.TryFind(Xml(nowhere), Location, out _));
    }

    [Theory]
    [InlineData("http://10.0.0.9/ctl")]
    [InlineData("http://evil.test/ctl")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://" + NoName + "/ctl")]
    [InlineData("//" + NoName + "/ctl")]
    public void Requests_never_go_to_another_host(string control) =>
        Assert.False(UpnpService.TryFind(Xml(Description(Service("WANIPConnection:1", control))), Location, out _));

    [Fact]
    public void Entities_that_refer_to_each_other_in_a_loop_are_not_expanded()
    {
        string laughs = "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a \"&b;&b;&b;\"><!ENTITY b \"&a;&a;&a;\">]>"
            + "<r><serviceType>&a;</serviceType></r>";
        Assert.False(UpnpXml.TryRead(Xml(laughs), out _));
        Assert.False(UpnpXml.TryRead(Xml("<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r>1</r>"), out _));
    }

    [Fact]
    public void Depth_length_and_number_of_elements_are_bounded()
    {
        string deep = string.Concat(Enumerable.Repeat("<device>", 100_000));
        Assert.False(UpnpXml.TryRead(Xml(deep), out _));
        string wide = "<r>" + string.Concat(Enumerable.Repeat("<a/>", PortMappingLimits.MaxUpnpElements + 1)) + "</r>";
        Assert.False(UpnpXml.TryRead(Xml(wide), out _));
        string text = "<r>" + new string('x', PortMappingLimits.MaxUpnpLength) + "</r>";
        Assert.False(UpnpXml.TryRead(Xml(text), out _));
        Assert.False(UpnpXml.TryRead(Xml("<r><a></r>"), out _));
        Assert.False(UpnpXml.TryRead(default, out _));
    }

    [Fact]
    public void A_request_contains_what_the_gateway_must_know()
    {
        UpnpService service = new("urn:schemas-upnp-org:service:WANIPConnection:1", new Uri("http://192.168.1.1/ctl"));
        byte[] request = UpnpAction.WriteAdd(service, MappedProtocol.Tcp, (6881, 6882), IPAddress.Parse("192.168.1.7"), 7200);
        Assert.True(UpnpXml.TryRead(request, out List<(string Name, string Text)> elements));
        Assert.Equal(
            [
                ("Envelope", ""), ("Body", ""), ("AddPortMapping", ""), ("NewRemoteHost", ""), ("NewExternalPort", "6882"),
                ("NewProtocol", "TCP"), ("NewInternalPort", "6881"), ("NewInternalClient", "192.168.1.7"), ("NewEnabled", "1"),
                ("NewPortMappingDescription", "Freshet"), ("NewLeaseDuration", "7200"),
            ],
            elements);
        Assert.Equal("\"urn:schemas-upnp-org:service:WANIPConnection:1#AddPortMapping\"", UpnpAction.HeaderOf(service, "AddPortMapping"));
    }

    [Fact]
    public void Answers_contain_the_address_or_the_error()
    {
        Assert.Equal(
            IPAddress.Parse("198.51.100.9"),
            UpnpAction.AddressOf(Xml("<e><b><r><NewExternalIPAddress>198.51.100.9</NewExternalIPAddress></r></b></e>")));
        Assert.Null(UpnpAction.AddressOf(Xml("<e><NewExternalIPAddress></NewExternalIPAddress></e>")));
        ReadOnlyMemory<byte> fault = Xml(
            "<e><Fault><detail><UPnPError><errorCode>725</errorCode></UPnPError></detail></Fault></e>");
        Assert.Equal(UpnpAction.OnlyPermanent, UpnpAction.ErrorOf(fault));
        Assert.Null(UpnpAction.ErrorOf(Xml("<e><AddPortMappingResponse/></e>")));
        Assert.True(UpnpAction.IsDone(Xml("<e><b><u:AddPortMappingResponse xmlns:u=\"x\"/></b></e>"), "AddPortMapping"));
        Assert.False(UpnpAction.IsDone(Xml("<e><DeletePortMappingResponse/></e>"), "AddPortMapping"));
        Assert.False(UpnpAction.IsDone(default, "AddPortMapping"));
    }

    private static byte[] Ssdp(string text) => Encoding.Latin1.GetBytes(text);

    private static ReadOnlyMemory<byte> Xml(string text) => Encoding.UTF8.GetBytes(text);

    private static string Description(string inner) =>
        $"<?xml version=\"1.0\"?><root xmlns=\"urn:schemas-upnp-org:device-1-0\"><device>{inner}</device></root>";

    private static string Service(string type, string control) =>
        $"<service><serviceType>urn:schemas-upnp-org:service:{type}</serviceType><controlURL>{control}</controlURL></service>";
}
