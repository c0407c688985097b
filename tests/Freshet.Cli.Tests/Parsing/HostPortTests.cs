using Freshet.Cli.Parsing;

namespace Freshet.Cli.Tests.Parsing;

public class HostPortTests
{
    [Theory]
    [InlineData("example.org:6881", "example.org", 6881)]
    [InlineData("127.0.0.1:1", "127.0.0.1", 1)]
    [InlineData("[::1]:65535", "::1", 65535)]
    public void Hosts_with_ports_are_read_and_printed(string text, string host, int port)
    {
        Assert.True(HostPort.TryParse(text, out HostPort parsed));
        Assert.Equal(new HostPort(host, port), parsed);
        Assert.Equal(text, parsed.ToString());
    }

    [Theory]
    [InlineData("example.org")]
    [InlineData("example.org:")]
    [InlineData("example.org:0")]
    [InlineData("example.org:65536")]
    [InlineData("example.org:+80")]
    [InlineData(":6881")]
    [InlineData("::1:6881")]
    [InlineData("[::1]")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("a b:80")]
    public void Anything_else_is_refused(string text) => Assert.False(HostPort.TryParse(text, out _));
}
