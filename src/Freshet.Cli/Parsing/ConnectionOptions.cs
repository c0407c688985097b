using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Wire.Proxies;

namespace Freshet.Cli.Parsing;

/// <summary>The options of commands that exchange data with peers: which peers, from which address, on which port.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<HostPort[]> _peers = Values.PeersOption("--peer", "A peer to connect to; repeatable.");
    private readonly Option<BindTarget?> _bind = CommonOptions.Bind();
    private readonly Option<int?> _port = Values.PortOption(
        "--port", "The port to listen on; 0 lets the system choose. If not given, 6881, or another one if that is taken.");
    private readonly Option<EncryptionOptions> _encryption = EncryptionOption.Create();

    private readonly Option<bool> _noDht = new("--no-dht") { Description = "Take no part in the DHT." };
    private readonly Option<bool> _noLsd = new("--no-lsd") { Description = "Look for no peers on the local network." };
    private readonly Option<bool> _noMapping = new("--no-port-mapping")
    {
        Description = "Do not ask the router to lead a port to this machine.",
    };

    private readonly Option<HostPort[]> _bootstrap = DhtBootstrap.Option();
    private readonly Option<UtpMode?> _utp = new("--utp")
    {
        Description = "Whether peers are connected to over uTP: on (if not given; TCP is tried first), off, or only, without TCP.",
        HelpName = "on|off|only",
        CustomParser = ReadUtp,
    };

    private readonly Option<ProxyOptions?> _proxy = new("--proxy")
    {
        Description = "Reach peers, trackers and web seeds through this proxy alone: socks5://USER:PASSWORD@HOST:PORT or http://HOST:PORT. "
            + "Incoming connections and all that needs UDP are then off.",
        HelpName = "URL",
        CustomParser = ReadProxy,
    };

    public void AddTo(Command command)
    {
        command.Add(_proxy);
        command.Validators.Add(RefuseUrls);
        _utp.CompletionSources.Add("on", "off", "only");
        command.Add(_noDht);
        command.Add(_noLsd);
        command.Add(_noMapping);
        command.Add(_bootstrap);
        command.Add(_peers);
        command.Add(_port);
        command.Add(_bind);
        command.Add(_encryption);
        command.Add(_utp);
    }

    /// <summary>Whether the user named the port, and no other will do.</summary>
    public bool IsPortFixed(ParseResult parsed) => parsed.GetValue(_port) is not null;

    /// <summary>The one address for all traffic; null for any.</summary>
    public BindTarget? Bind(ParseResult parsed) => parsed.GetValue(_bind);

    /// <summary>The peers that the user named.</summary>
    public async Task<List<IPEndPoint>> ResolvePeersAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        List<IPEndPoint> endPoints = [];
        foreach (HostPort peer in parsed.GetValue(_peers) ?? [])
        {
            if (parsed.GetValue(_proxy) is not null && !IPAddress.TryParse(peer.Host, out _))
                throw new CliException($"The name {peer.Host} would be looked up around the proxy.", "Give the peer's address.");
            endPoints.AddRange(await peer.ResolveAsync(Bind(parsed), cancellationToken).ConfigureAwait(false));
        }

        return endPoints;
    }

    public SessionOptions ToSessionOptions(ParseResult parsed)
    {
        SessionOptions defaults = new();
        return defaults with
        {
            ListenPort = parsed.GetValue(_port) ?? defaults.ListenPort,
            Bind = Bind(parsed),
            Proxy = parsed.GetValue(_proxy),
            Encryption = parsed.GetValue(_encryption) ?? defaults.Encryption,
            Dht = parsed.GetValue(_noDht) ? null : new DhtOptions { Bootstrap = DhtBootstrap.Of(parsed.GetValue(_bootstrap)) },
            Utp = parsed.GetValue(_utp) ?? defaults.Utp,
            PortMapping = !parsed.GetValue(_noMapping),
            LocalDiscovery = !parsed.GetValue(_noLsd) && !IsLoopback(Bind(parsed)),
        };
    }

    // Programs that are bound to this machine alone are not looking for their neighbours on it.
    private static bool IsLoopback(BindTarget? bindTo) => bindTo?.Address is { } address && IPAddress.IsLoopback(address);

    private static ProxyOptions? ReadProxy(ArgumentResult result)
    {
        if (!ProxyOptions.TryParse(result.Tokens.Count > 0 ? result.Tokens[^1].Value : "", out ProxyOptions? proxy, out string? error))
            result.AddError($"--proxy: {error}.");
        return proxy;
    }

    /// <summary>A torrent would be fetched from its URL before there is a session, and around the proxy.</summary>
    private void RefuseUrls(CommandResult result)
    {
        bool isUrl = result.Children.OfType<ArgumentResult>().SelectMany(static argument => argument.Tokens)
            .Any(static token => token.Value.StartsWith("http", StringComparison.OrdinalIgnoreCase)
                && token.Value.Contains("://", StringComparison.Ordinal));
        if (isUrl && result.GetResult(_proxy) is { Implicit: false })
            result.AddError("--proxy does not fetch torrents from a URL: fetch the .torrent file first, or give a magnet link.");
    }

    private static UtpMode? ReadUtp(ArgumentResult result)
    {
        string text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        switch (text)
        {
            case "on":
                return UtpMode.On;
            case "off":
                return UtpMode.Off;
            case "only":
                return UtpMode.Only;
            default:
                result.AddError($"--utp is on, off or only, not '{text}'.");
                return default;
        }
    }
}
