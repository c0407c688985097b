using System.Collections.Immutable;
using System.Text.Json;
using Freshet.Daemon.Configuration;
using Freshet.Daemon.Running;
using Freshet.Daemon.Security;
using Microsoft.Extensions.Configuration;

namespace Freshet.Daemon;

/// <summary>
/// Reads the options from a JSON file, then the environment (FRESHET_Name, with __0, __1 … appended for lists), then flags; later sources
/// override earlier ones, lists as a whole. All errors are reported at once.
/// </summary>
public static class DaemonConfiguration
{
    /// <summary>The prefix of environment variables.</summary>
    public const string Prefix = "FRESHET_";

    // Used by the command line.
    private static readonly ImmutableArray<string> OtherVariables = [Prefix + "TOKEN", Prefix + "DHT_BOOTSTRAP"];

    /// <summary>All options, in the order of the documentation.</summary>
    public static ImmutableArray<Setting> Settings => Configuration.Settings.All;

    /// <summary>The default path of the file, which need not exist. A service has its configuration where its manager says.</summary>
    public static string DefaultFile
    {
        get
        {
            if (Environment.GetEnvironmentVariable("CONFIGURATION_DIRECTORY")?.Split(':')[0] is { Length: > 0 } ofService)
                return Path.Combine(ofService, "daemon.json");
            string? home = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME");
            if (string.IsNullOrEmpty(home) || !Path.IsPathRooted(home))
                home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
            return Path.Combine(home, "freshet", "daemon.json");
        }
    }

    /// <summary>
    /// The default download folder. Not the current folder: torrents could overwrite whatever is in there, and in a home folder that is
    /// what programs are configured by.
    /// </summary>
    internal static string DefaultDownloadFolder =>
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home
            ? Path.Combine(home, "Downloads")
            : Path.GetFullPath("Downloads");

    /// <summary>Reads the options.</summary>
    /// <param name="file">The file, or null for none.</param>
    /// <param name="environment">The environment's variables.</param>
    /// <param name="flags">Options by name, each with its values.</param>
    /// <exception cref="ArgumentException">The options are invalid; the message has a line for each error.</exception>
    public static DaemonOptions Read(
        string? file, IEnumerable<KeyValuePair<string, string>> environment, IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> flags)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(flags);
        List<string> errors = [];
        IConfiguration inFile = FileOf(file, errors);
        IConfiguration inEnvironment = Of(environment
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .Select(variable => new KeyValuePair<string, string?>(
                variable.Key[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal), variable.Value)));
        IConfiguration inFlags = Of(flags.SelectMany(flag =>
            flag.Value.Select((value, i) => new KeyValuePair<string, string?>($"{flag.Key}:{i}", value))));
        DaemonOptions options = new() { ConfigurationFile = file is null ? null : Path.GetFullPath(file) };
        options = options with { Session = options.Session with { DownloadFolder = DefaultDownloadFolder } };
        foreach (Setting setting in Settings)
            options = Apply(options, setting, [(inFile, file ?? ""), (inEnvironment, "the environment"), (inFlags, "the flags")], errors);
        errors.AddRange(inFile.GetChildren()
            .Where(child => !IsOption(child.Key))
            .Select(child => $"{child.Key} (in {file}) is not an option of the daemon"));
        errors.AddRange(Contradictions(options));
        return errors.Count == 0 ? options : throw new ArgumentException(string.Join('\n', errors));
    }

    /// <summary>
    /// Variables that seem to be meant for the daemon but name no option. They are not an error, since others may have set them: containers
    /// get variables whose names begin with the names of services.
    /// </summary>
    public static IEnumerable<string> UnknownVariables(IEnumerable<KeyValuePair<string, string>> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return environment
            .Select(variable => variable.Key)
            .Where(name => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .Where(name => !OtherVariables.Contains(name) && !IsOption(name[Prefix.Length..].Split("__")[0]))
            .Order(StringComparer.Ordinal);
    }

    private static bool IsOption(string name) => Settings.Any(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static DaemonOptions Apply(
        DaemonOptions options, Setting setting, (IConfiguration Layer, string Name)[] layers, List<string> errors)
    {
        (IConfiguration Layer, string Name) found = layers.LastOrDefault(layer => layer.Layer.GetSection(setting.Name).Exists());
        if (found.Layer is null)
            return options;
        IConfigurationSection section = found.Layer.GetSection(setting.Name);
        string[] values = section.Value is { } one ? [one] : [.. section.GetChildren().Select(child => child.Value ?? "")];
        try
        {
            if (values.Length != 1 && !setting.IsList)
                throw new FormatException("takes one value");
            return values.Length == 0 ? options : setting.Apply(options, values);
        }
        catch (FormatException e)
        {
            errors.Add($"{setting.Name} (in {found.Name}) {e.Message}");
            return options;
        }
    }

    private static IEnumerable<string> Contradictions(DaemonOptions options)
    {
        if (options.Certificate is null && options.CertificateKey is not null)
            yield return "CertificateKey is set, but Certificate is not: name the certificate's file too";
        string[] always = [.. new string?[] { options.Session.DownloadFolder, options.IncompleteFolder }.OfType<string>()];
        string[] stores = [.. always.Concat(options.WatchFolders.Select(watched => watched.Folder).OfType<string>()).Distinct()];
        string[] paths = [.. options.WatchFolders.Select(watched => watched.Path).Concat(stores).Concat(options.OwnPaths).Distinct()];
        Dictionary<string, string> places = PlacesOf(paths, RealPath.Of, Bounds.StartPatience);
        foreach (WatchFolder watched in options.WatchFolders)
        {
            IEnumerable<string> folders = watched.Folder is { } its ? always.Append(its) : always;
            if (folders.FirstOrDefault(folder => RealPath.Contains(places[folder], places[watched.Path])) is { } taken)
            {
                yield return $"WatchFolders has {watched.Path}, but torrents store their files in {taken}, and could add others there: "
                    + "name a folder outside";
            }
        }

        foreach (string own in options.OwnPaths)
        {
            if (stores.FirstOrDefault(folder => AreNested(places[folder], places[own])) is { } taken)
            {
                yield return $"Torrents store their files in {taken}, and the daemon has its own in {own}: neither must lie in the other, "
                    + "since torrents could overwrite what is there";
            }
        }

        if (options.Session.StateFolder is null)
            yield return "State is missing: name a state folder";
    }

    private static bool AreNested(string one, string other) => RealPath.Contains(one, other) || RealPath.Contains(other, one);

    // Where the paths lead. A disk that does not respond or cannot be read must not keep the daemon from starting: then the path counts as
    // it is written. Each path is resolved on a thread of its own, which may never return.
    internal static Dictionary<string, string> PlacesOf(string[] paths, Func<string, string?> realOf, TimeSpan patience)
    {
        (string Path, string Full)[] full = [.. paths.Select(path => (path, Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))))];
        Task<string?>[] looks = [.. full.Select(each => DiskLooks.OnThreadAsync(() => realOf(each.Full)))];
        Task.WaitAny([Task.WhenAll(looks)], patience);
        return full.Zip(looks).ToDictionary(
            pair => pair.First.Path, pair => (pair.Second.IsCompletedSuccessfully ? pair.Second.Result : null) ?? pair.First.Full);
    }

    private static IConfiguration FileOf(string? file, List<string> errors)
    {
        ConfigurationBuilder builder = new();
        try
        {
            if (file is null)
                return builder.Build();
            byte[] bytes = File.ReadAllBytes(file);
            IConfigurationRoot configuration = builder.AddJsonStream(new MemoryStream(bytes)).Build();
            errors.AddRange(JsonTexts.Objections(bytes, file));
            return configuration;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{file} cannot be read: {e.Message.TrimEnd('.')}");
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or JsonException)
        {
            errors.Add($"{file} is malformed: {(e.InnerException ?? e).Message.TrimEnd('.')}");
        }

        return new ConfigurationBuilder().Build();
    }

    private static IConfigurationRoot Of(IEnumerable<KeyValuePair<string, string?>> values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values).Build();
}
