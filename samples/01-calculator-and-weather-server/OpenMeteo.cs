using System.Globalization;
using System.Text.Json;

namespace CalculatorAndWeatherServer;

/// <summary>The weather of one place, now.</summary>
/// <param name="Location">The place's name.</param>
/// <param name="Temperature">In degrees Celsius.</param>
/// <param name="Sky">What it looks like, in words.</param>
internal sealed record Weather(string Location, double Temperature, string Sky);

/// <summary>The weather service did not give an answer that can be used; the message says why.</summary>
internal sealed class WeatherServiceException(string message, Exception cause) : Exception(message, cause);

/// <summary>
/// Asks a service with Open-Meteo's interface: where a place is (<c>v1/search</c>), then what the weather is there
/// (<c>v1/forecast</c>).
/// </summary>
internal sealed class OpenMeteo : IDisposable
{
    private readonly Uri places;
    private readonly Uri forecasts;
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = 1 << 20 };

    /// <param name="address">
    /// Such as <c>https://api.open-meteo.com</c>, where places are looked up at <c>geocoding-api.open-meteo.com</c>; without
    /// <c>api.</c> both are at one address.
    /// </param>
    public OpenMeteo(Uri address)
    {
        var root = new UriBuilder(address) { Path = address.AbsolutePath.TrimEnd('/') + "/", Query = "" };
        forecasts = new Uri(root.Uri, "v1/forecast");
        if (root.Host.StartsWith("api.", StringComparison.OrdinalIgnoreCase))
            root.Host = "geocoding-" + root.Host;
        places = new Uri(root.Uri, "v1/search");
    }

    /// <summary>The weather now; null where no place has that name.</summary>
    /// <exception cref="WeatherServiceException">The service did not answer, or not in its own interface.</exception>
    public async Task<Weather?> AskAsync(string location, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(location, cancellationToken) is { } place ? await LookAsync(place, cancellationToken) : null;
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested(); // The client does not want to know any more.
            throw new WeatherServiceException("The weather service did not answer", fault);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new WeatherServiceException("The weather service answered with something else than the weather", fault);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<JsonElement?> FindAsync(string location, CancellationToken cancellationToken)
    {
        var answer = await GetAsync(places, $"name={Uri.EscapeDataString(location)}&count=1", cancellationToken);
        return answer.TryGetProperty("results", out var results) && results.GetArrayLength() > 0 ? results[0] : null;
    }

    private async Task<Weather> LookAsync(JsonElement place, CancellationToken cancellationToken)
    {
        var latitude = place.GetProperty("latitude").GetDouble().ToString(CultureInfo.InvariantCulture);
        var longitude = place.GetProperty("longitude").GetDouble().ToString(CultureInfo.InvariantCulture);
        var answer = await GetAsync(
            forecasts, $"latitude={latitude}&longitude={longitude}&current=temperature_2m,weather_code", cancellationToken);
        var now = answer.GetProperty("current");
        return new Weather(
            place.GetProperty("name").GetString()!,
            now.GetProperty("temperature_2m").GetDouble(),
            WeatherCode.InWords(now.GetProperty("weather_code").GetInt32()));
    }

    private async Task<JsonElement> GetAsync(Uri address, string query, CancellationToken cancellationToken) =>
        JsonElement.Parse(await http.GetByteArrayAsync(new UriBuilder(address) { Query = query }.Uri, cancellationToken));
}
