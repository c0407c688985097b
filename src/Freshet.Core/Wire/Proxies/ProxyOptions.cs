using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Freshet.Core.Wire.Proxies;

/// <summary>
/// A proxy, and what it is used for. That never goes around it: if the proxy is not there or does not carry it, it does not work. Names
/// of hosts are looked up by the proxy.
/// </summary>
public sealed record ProxyOptions
{
    private const string Examples = "socks5://HOST:PORT, socks5://USER:PASSWORD@HOST:PORT or http://HOST:PORT";

    /// <summary>How it is spoken to.</summary>
    public required ProxyKind Kind { get; init; }

    /// <summary>Its address, or its name: that one name is looked up by the system's resolver.</summary>
    public required string Host { get; init; }

    /// <summary>Its port, 1 to 65,535.</summary>
    public required int Port { get; init; }

    /// <summary>Who we are to it, 1 to 255 bytes of UTF-8; null if it does not ask.</summary>
    public string? UserName { get; init; }

    /// <summary>The user's password, up to 255 bytes of UTF-8. Appears in no log and no status.</summary>
    public string? Password { get; init; }

    /// <summary>What it is used for; the rest goes directly. Default: everything, and then nothing at all goes around it.</summary>
    public ProxyUses Uses { get; init; } = ProxyUses.All;

    /// <summary>
    /// Reads <c>socks5://USER:PASSWORD@HOST:PORT</c> or <c>http://…</c>; <c>socks5h</c> is the same as <c>socks5</c>, since names
    /// are always looked up by the proxy. Without a port: 1080 for SOCKS5, 8080 for HTTP.
    /// </summary>
    /// <param name="url">The URL. Special characters of user and password are escaped as in every URL.</param>
    /// <param name="options">What was read.</param>
    /// <param name="error">What is wrong with it, in words that do not repeat it: it may hold a password.</param>
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

    /// <summary>The proxy without its user and password.</summary>
    public override string ToString() => $"{(Kind == ProxyKind.Socks5 ? "socks5" : "http")}://{HostAndPort}";

    private string HostAndPort => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>What is wrong, in words; null if nothing is.</summary>
    internal string? Mistake()
    {
        if (Host.Length is 0 or > ProxyLimits.MaxText)
            return "the proxy's host is empty or too long";
        if (Port is < 1 or > ushort.MaxValue)
            return $"the proxy's port is {Port}: 1 to 65535";
        if (UserName is { } user && Encoding.UTF8.GetByteCount(user) is 0 or > ProxyLimits.MaxText)
            return "the proxy's user name is empty or longer than 255 bytes";
        if (Uses == ProxyUses.None || (Uses & ~ProxyUses.All) != 0)
            return "the proxy is used for nothing that there is";
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

    // That of a URL without one is 80 for HTTP, which no proxy has.
    private static bool HasPort(string url, Uri uri) =>
        !uri.IsDefaultPort || url.TrimEnd().TrimEnd('/').EndsWith(":80", StringComparison.Ordinal);
}
