using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Freshet.Core.Wire.Proxies;

/// <summary>
/// A proxy, and what it is used for. Traffic that is assigned to the proxy never bypasses it: if the proxy is unavailable or does not
/// support the traffic, it fails. Host names are resolved by the proxy.
/// </summary>
public sealed record ProxyOptions
{
    private const string Examples = "socks5://HOST:PORT, socks5://USER:PASSWORD@HOST:PORT or http://HOST:PORT";

    /// <summary>The protocol of the proxy.</summary>
    public required ProxyKind Kind { get; init; }

    /// <summary>The proxy's address or host name; this name alone is resolved by the system.</summary>
    public required string Host { get; init; }

    /// <summary>The proxy's port, 1 to 65,535.</summary>
    public required int Port { get; init; }

    /// <summary>The user name, 1 to 255 bytes of UTF-8; null if the proxy requires none.</summary>
    public string? UserName { get; init; }

    /// <summary>The password, up to 255 bytes of UTF-8. It never appears in a log or a status.</summary>
    public string? Password { get; init; }

    /// <summary>
    /// What the proxy is used for; other traffic is sent directly. Default: everything, so that nothing bypasses the proxy.
    /// </summary>
    public ProxyUses Uses { get; init; } = ProxyUses.All;

    /// <summary>
    /// Parses <c>socks5://USER:PASSWORD@HOST:PORT</c> or <c>http://…</c>; <c>socks5h</c> is the same as <c>socks5</c>, since host names are
    /// always resolved by the proxy. Default port: 1080 for SOCKS5, 8080 for HTTP.
    /// </summary>
    /// <param name="url">The URL. Special characters in the user name and password are escaped as in any URL.</param>
    /// <param name="options">The parsed options.</param>
    /// <param name="error">What is wrong, as text that does not repeat the URL, since it may contain a password.</param>
    public static bool TryParse(
        string url, [NotNullWhen(true)] out ProxyOptions? options, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(url);
        options = null;
        if (!Uri.TryCreate(url.Trim(), UriKind.Absolute, out Uri? uri) || KindOf(uri.Scheme) is not { } kind)
            return Fail($"the URL of a proxy is {Examples}", out error);
        if (uri.Host.Length == 0 || uri.AbsolutePath is not ("" or "/") || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            return Fail($"the URL of a proxy ends with its host and port: {Examples}", out error);
        string[] user = uri.UserInfo.Split(':', 2);
        ProxyOptions read = new()
        {
            Kind = kind,
            Host = uri.IdnHost.Trim('[', ']'),
            Port = HasPort(url, uri) ? uri.Port : kind == ProxyKind.Socks5 ? 1080 : 8080,
            UserName = uri.UserInfo.Length > 0 ? Uri.UnescapeDataString(user[0]) : null,
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
        };
        error = read.Mistake();
        if (error is null)
            options = read;
        return error is null;
    }

    /// <summary>The proxy without user name and password.</summary>
    public override string ToString() => $"{(Kind == ProxyKind.Socks5 ? "socks5" : "http")}://{HostAndPort}";

    private string HostAndPort => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>What is wrong with the options, as text; null if they are valid.</summary>
    internal string? Mistake()
    {
        if (Host.Length is 0 or > ProxyLimits.MaxText)
            return "the proxy's host is empty or too long";
        if (Port is < 1 or > ushort.MaxValue)
            return $"the proxy's port is {Port}: 1 to 65535";
        if (UserName is { } user && Encoding.UTF8.GetByteCount(user) is 0 or > ProxyLimits.MaxText)
            return "the proxy's user name is empty or longer than 255 bytes";
        if (Uses == ProxyUses.None || (Uses & ~ProxyUses.All) != 0)
            return "the proxy's uses are empty or unknown";
        bool isTooLong = Password is { } password && (UserName is null || Encoding.UTF8.GetByteCount(password) > ProxyLimits.MaxText);
        return isTooLong ? "the proxy's password is longer than 255 bytes, or there is no user name" : null;
    }

    private static bool Fail(string words, out string error)
    {
        error = words;
        return false;
    }

    private static ProxyKind? KindOf(string scheme) => scheme switch
    {
        "socks5" or "socks5h" => ProxyKind.Socks5,
        "http" => ProxyKind.Http,
        _ => null,
    };

    // For a URL without a port, the framework reports 80 for HTTP, which no proxy uses.
    private static bool HasPort(string url, Uri uri) =>
        !uri.IsDefaultPort || url.TrimEnd().TrimEnd('/').EndsWith(":80", StringComparison.Ordinal);
}
