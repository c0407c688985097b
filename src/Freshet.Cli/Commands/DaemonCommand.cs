using System.Collections;
using System.CommandLine;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Daemons;
using Freshet.Cli.Logging;
using Freshet.Cli.Output;
using Freshet.Daemon;
using Freshet.Daemon.Configuration;
using Microsoft.Extensions.Logging;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet daemon</c>: a session with an API and a web page, in the foreground, until it is stopped.</summary>
internal sealed class DaemonCommand
{
    private readonly IConsoleStreams _streams;
    private readonly LogOptions _log = new();
    private readonly Option<FileInfo?> _file = new("--config")
    {
        Description = "The configuration file; ~/.config/freshet/daemon.json, if it exists, if not given.",
        HelpName = "FILE",
    };
    private readonly List<(Setting Setting, Option<string[]> Option)> _settings = [];

    private DaemonCommand(IConsoleStreams streams) => _streams = streams;

    public static Command Create(IConsoleStreams streams)
    {
        DaemonCommand daemon = new(streams);
        Command command = new("daemon", "Run a session with an API and a web page, until it is stopped.") { daemon._file };
        foreach (Setting setting in DaemonConfiguration.Settings)
        {
            Option<string[]> option = new(setting.Flag)
            {
                Description = $"{setting.Meaning} Default: {setting.Default}.",
                HelpName = setting.ValueName,
                Arity = ArgumentArity.OneOrMore,
            };
            daemon._settings.Add((setting, option));
            command.Add(option);
        }

        daemon._log.AddTo(command);
        command.SetAction(daemon.RunAsync);
        command.Add(HashPassword(streams));
        command.Add(Health());
        return command;
    }

    private static Command Health()
    {
        DaemonAccess access = new();
        Command command = new("health", "Check whether the daemon of the state folder works; exits with 0 if it does.");
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using DaemonClient daemon = access.Open(parsed);
            return await daemon.IsHealthyAsync(cancellationToken).ConfigureAwait(false) ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static Command HashPassword(IConsoleStreams streams)
    {
        Command command = new("hash-password", "Read a password from standard input and print its hash for the configuration.");
        command.SetAction(async (_, cancellationToken) =>
        {
            string? password = Console.IsInputRedirected
                ? await Console.In.ReadLineAsync(cancellationToken).ConfigureAwait(false)
                : await HiddenInput.ReadAsync(streams.Error, "Password: ", cancellationToken).ConfigureAwait(false);
            if (string.IsNullOrEmpty(password) || password.Length > PasswordHash.MaxPasswordLength)
                throw new CliException($"A password has 1 to {PasswordHash.MaxPasswordLength} characters.", "Give it on standard input.");
            await streams.Out.WriteLineAsync(PasswordHash.Of(password)).ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        DaemonOptions options = Read(parsed);
        using LineLoggerFactory loggers = _log.Open(parsed, line => _streams.Error.WriteLine(line));
        loggers.Add(LogLevel.Warning, line => _streams.Error.WriteLine(line));
        options = options with { Session = options.Session with { LoggerFactory = loggers } };
        DaemonServer daemon = await DaemonServer.StartAsync(options, cancellationToken).ConfigureAwait(false);
        await using (daemon.ConfigureAwait(false))
        {
            await AnnounceAsync(daemon).ConfigureAwait(false);
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await daemon.StopAsync().ConfigureAwait(false);
        }

        // Only a signal ends it, so being stopped counts as success.
        return ExitCode.Done;
    }

    private async Task AnnounceAsync(DaemonServer daemon)
    {
        // The token is shown once; the page reads it from the fragment (#), which browsers do not send to servers.
        string url = daemon.IsTokenNew ? $"{daemon.Urls[0]}#token={daemon.Token}" : daemon.Urls[0].ToString();
        await _streams.Out.WriteLineAsync(url).ConfigureAwait(false);
        await _streams.Out.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        daemon.OnTokenShown();
        foreach (string error in daemon.Session.RestoreErrors)
            await _streams.Error.WriteLineAsync("freshet: " + SafeText.Of(error)).ConfigureAwait(false);
    }

    private DaemonOptions Read(ParseResult parsed)
    {
        string? file = parsed.GetValue(_file)?.FullName
            ?? (File.Exists(DaemonConfiguration.DefaultFile) ? DaemonConfiguration.DefaultFile : null);
        IEnumerable<KeyValuePair<string, string>> environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value ?? "")).ToArray();
        foreach (string name in DaemonConfiguration.UnknownVariables(environment))
            _streams.Error.WriteLine($"freshet: {name} in the environment is not an option of the daemon.");
        IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> flags = _settings
            .Where(setting => parsed.GetResult(setting.Option) is { Implicit: false })
            .Select(setting => KeyValuePair.Create(setting.Setting.Name, (IReadOnlyList<string>)parsed.GetRequiredValue(setting.Option)));
        try
        {
            return DaemonConfiguration.Read(file, environment, flags);
        }
        catch (ArgumentException e)
        {
            throw new CliException(
                "The configuration cannot be used:", "'freshet daemon --help' shows all options, docs/configuration.md what they mean.", e)
            {
                Details = e.Message.Split('\n'),
            };
        }
    }
}
