using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Freshet.Interop.Running;

namespace Freshet.Tests.WebSeeds;

/// <summary>Debian's nginx on loopback, with settings and a prefix of its own; it serves the files of a folder.</summary>
internal sealed class NginxServer : IAsyncDisposable
{
    private readonly TemporaryFolder _prefix = new();
    private readonly Process _process;

    private NginxServer(string root, string settings)
    {
        Port = Ports.Next();
        _prefix.Write("nginx.conf", System.Text.Encoding.UTF8.GetBytes(
            $$"""
            {{(Environment.UserName == "root" ? "user root;" : "")}}
            daemon off;
            worker_processes 1;
            pid {{_prefix["nginx.pid"]}};
            error_log {{_prefix["error.log"]}};
            events { worker_connections 64; }
            http {
                access_log {{_prefix["access.log"]}};
                gzip on;
                gzip_types *;
                gzip_min_length 1;
                client_body_temp_path {{_prefix["body"]}};
                proxy_temp_path {{_prefix["proxy"]}};
                fastcgi_temp_path {{_prefix["fastcgi"]}};
                uwsgi_temp_path {{_prefix["uwsgi"]}};
                scgi_temp_path {{_prefix["scgi"]}};
                server {
                    listen 127.0.0.1:{{Port}};
                    root {{root}};
                    {{settings}}
                }
            }
            """));
        ProcessStartInfo start = new("/usr/sbin/nginx") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["-p", _prefix.Path, "-c", _prefix["nginx.conf"], "-e", _prefix["error.log"]])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
    }

    public int Port { get; }

    /// <summary>The URL of the folder.</summary>
    public string Url => $"http://127.0.0.1:{Port}/";

    /// <summary>The lines of the access log, one for each request.</summary>
    public string[] Requests => File.ReadAllLines(_prefix["access.log"]);

    /// <summary>Starts one and waits until it answers.</summary>
    /// <param name="root">The folder that it serves.</param>
    /// <param name="settings">Additional settings of the server.</param>
    public static async Task<NginxServer> StartAsync(string root, string settings = "")
    {
        Requires.That(File.Exists("/usr/sbin/nginx"), "nginx is not installed.");
        NginxServer server = new(root, settings);
        await Patience.Until(() => server.Answers() || server._process.HasExited);
        Assert.False(server._process.HasExited, "nginx ended: " + server.ErrorLog);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // The master ends its workers; if it were killed, it would leave them behind.
            using Process quit = Process.Start("/bin/kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await quit.WaitForExitAsync();
            await _process.WaitForExitAsync().WaitAsync(Patience.Bound);
        }

        _process.Dispose();
        _prefix.Dispose();
    }

    private string ErrorLog =>
        File.Exists(_prefix["error.log"]) ? File.ReadAllText(_prefix["error.log"]) : _process.StandardError.ReadToEnd();

    private bool Answers()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
