using System.Net;

namespace Freshet.Daemon.Countries;

/// <summary>Finds the countries of addresses, by a file supplied by the user. Thread-safe.</summary>
internal sealed class CountryDatabase
{
    private readonly MaxMindDatabase _database;

    private CountryDatabase(MaxMindDatabase database)
    {
        _database = database;
    }

    /// <exception cref="FreshetException">The file cannot be read, or is not a MaxMind DB.</exception>
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

    /// <summary>The country of an address, two capital letters; null if it is not known.</summary>
    public string? Find(IPAddress address) => _database.FindCountry(address);
}
