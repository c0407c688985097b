using Freshet.Core.Wire.Proxies;

namespace Freshet.Core.Tests.Wire.Proxies;

public class ProxyOptionsTests
{
    [Theory]
    [InlineData("socks5://127.0.0.1:9050", ProxyKind.Socks5, "127.0.0.1", 9050, null, null)]
    [InlineData("socks5h://proxy.test", ProxyKind.Socks5, "proxy.test", 1080, null, null)]
    [InlineData("socks5://me:p%40ss%3A@[::1]:1081/", ProxyKind.Socks5, "::1", 1081, "me", "p@ss:")]
    [InlineData("socks5://me@proxy.test", ProxyKind.Socks5, "proxy.test", 1080, "me", null)]
    [InlineData("http://proxy.test", ProxyKind.Http, "proxy.test", 8080, null, null)]
    [InlineData("http://proxy.test:80", ProxyKind.Http, "proxy.test", 80, null, null)]
    [InlineData(" HTTP://me:x@proxy.test:3128 ", ProxyKind.Http, "proxy.test", 3128, "me", "x")]
    public void A_url_is_read(string url, ProxyKind kind, string host, int port, string? user, string? password)
    {
        Assert.True(ProxyOptions.TryParse(url, out ProxyOptions? options, out _));
        Assert.Equal((kind, host, port, user, password), (options.Kind, options.Host, options.Port, options.UserName, options.Password));
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:1080")]
    [InlineData("socks4://secret@127.0.0.1")]
    [InlineData("https://secret@127.0.0.1")]
    [InlineData("socks5://")]
    [InlineData("socks5://127.0.0.1:0")]
    [InlineData("socks5://127.0.0.1:99999")]
    [InlineData("socks5://127.0.0.1/secret")]
    [InlineData("http://127.0.0.1?secret")]
    [InlineData("socks5://:secret@127.0.0.1")]
    public void Text_that_is_not_a_proxy_url_is_an_error_that_does_not_repeat_it(string url)
    {
        Assert.False(ProxyOptions.TryParse(url, out _, out string? error));
        Assert.DoesNotContain("secret", error);
    }

    [Fact]
    public void Its_text_has_no_password()
    {
        Assert.True(ProxyOptions.TryParse("socks5://me:secret@[::1]:1081", out ProxyOptions? options, out _));
        Assert.Equal("socks5://[::1]:1081", options.ToString());
    }
}
