using System.Net;

namespace Freshet.Daemon.Countries;

/// <summary>In which countries addresses are, by a file that the user has. Asked on any thread.</summary>
internal sealed class CountryDatabase
{
    private readonly MaxMindDatabase _database;

    private CountryDatabase(MaxMindDatabase database)
    {
        _database = database;
    }

    /// <exception cref="FreshetException">The file cannot be read, or is no MaxMind DB.</exception>
    public static CountryDatabase Load(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxMindLimits.MaxFile)
                throw new FreshetException(FreshetError.Malformed, $"GeoIp: {path} is larger than any MaxMind DB.");
            return MaxMindDatabase.TryRead(File.ReadAllBytes(path), out MaxMindDatabase? database, out string? error)
                ? new CountryDatabase(database)
                : throw new FreshetException(FreshetError.Malformed, $"GeoIp: {path} cannot be used: {error}. Name a .mmdb file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(FreshetError.Storage, $"GeoIp: {path} cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>The country of an address, two capital letters; null if nobody knows.</summary>
    public string? Find(IPAddress address) => _database.FindCountry(address);
}
